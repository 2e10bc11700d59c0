#!/usr/bin/env python3
"""Makes vector_grid.json: log-densities, entropies and divergences of families over vectors and matrices, at extreme
parameters, with mpmath.

    /usr/bin/python3 tests/data/make_vector_grid.py        (needs mpmath; the table is committed)

All numbers that go in are Float32 numbers. A case has a family, its parameters (nested lists), points [value, log
p(value)], an entropy where there is a formula, and divergences [parameters of p, KL(q || p)].
"""
import json
import os
import struct

import mpmath
from mpmath import exp, expm1, log, loggamma, mp, mpf, pi, psi, sqrt

mp.dps = 60
HERE = os.path.dirname(os.path.abspath(__file__))


def f32(x):
    if isinstance(x, (list, tuple)):
        return [f32(v) for v in x]
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def exact(x):
    return [exact(v) for v in x] if isinstance(x, list) else mpf(x)


def number(v):
    if abs(v) > mpf(10) ** 308:
        return "Infinity" if v > 0 else "-Infinity"
    return float(mpmath.nstr(v, 30))


def xlogy(x, y):
    return mpf(0) if x == 0 else x * log(y) if y > 0 else (-mpf("inf") if x > 0 else mpf("inf"))


def log_sum_exp(v):
    m = max(v)
    return m + log(sum(exp(x - m) for x in v))


def categorical(logits):
    total = log_sum_exp(logits)
    return [l - total for l in logits]


def dirichlet_normalizer(a):
    return sum(loggamma(x) for x in a) - loggamma(sum(a))


def dirichlet(x, a):
    return sum(xlogy(k - 1, v) for k, v in zip(a, x)) - dirichlet_normalizer(a)


def dirichlet_entropy(a):
    s = sum(a)
    return dirichlet_normalizer(a) - sum((k - 1) * (psi(0, k) - psi(0, s)) for k in a)


def dirichlet_kl(a, b):
    s = sum(a)
    return dirichlet_normalizer(b) - dirichlet_normalizer(a) + sum((k - l) * (psi(0, k) - psi(0, s)) for k, l in zip(
        a, b))


def normal(x, loc, covariance):
    n = len(loc)
    d = mpmath.matrix([v - m for v, m in zip(x, loc)])
    c = mpmath.matrix(covariance)
    return -(d.T * mpmath.lu_solve(c, d))[0] / 2 - log(mpmath.det(c)) / 2 - n * log(2 * pi) / 2


def normal_entropy(covariance):
    c = mpmath.matrix(covariance)
    return log(mpmath.det(c)) / 2 + c.rows * (1 + log(2 * pi)) / 2


def normal_kl(m1, c1, m2, c2):
    a, b = mpmath.matrix(c1), mpmath.matrix(c2)
    d = mpmath.matrix([y - x for x, y in zip(m1, m2)])
    inverse = b ** -1
    trace = sum((inverse * a)[i, i] for i in range(a.rows))
    return (trace + (d.T * inverse * d)[0] - a.rows + log(mpmath.det(b) / mpmath.det(a))) / 2


def tril_covariance(l):
    n = len(l)
    return [[sum(l[i][k] * l[j][k] for k in range(n)) for j in range(n)] for i in range(n)]


def low_rank_covariance(w, d):
    n = len(d)
    return [[sum(w[i][k] * w[j][k] for k in range(len(w[0]))) + (d[i] if i == j else 0) for j in range(n)]
        for i in range(n)]


def sphere_log_area(m):
    return log(2 * pi ** (mpf(m) / 2) / mpmath.gamma(mpf(m) / 2))


def unit(x):
    n = sqrt(sum(v * v for v in x))
    return [v / n for v in x]


def von_mises_fisher(x, mu, k):
    m = mpf(len(mu))
    v = m / 2 - 1
    dot = sum(a * b for a, b in zip(unit(x), unit(mu)))
    if k == 0:
        return -sphere_log_area(len(mu))
    # I_v(k) by its series, whose terms are positive.
    term, total, j = mpf(1), mpf(1), 1
    while term > total * mpf(10) ** -50:
        term *= (k / 2) ** 2 / (j * (v + j))
        total += term
        j += 1
    log_bessel = v * log(k / 2) - loggamma(v + 1) + log(total)
    return k * dot + v * log(k) - m / 2 * log(2 * pi) - log_bessel


def power_spherical(x, mu, k):
    m = mpf(len(mu))
    b = (m - 1) / 2
    a = b + k
    dot = sum(p * q for p, q in zip(unit(x), unit(mu)))
    return xlogy(k, 1 + dot) - ((a + b) * log(mpf(2)) + b * log(pi) + loggamma(a) - loggamma(a + b))


def lkj(l, h):
    n = len(l)
    constant = mpf(0)
    for i in range(1, n):
        b = h + mpf(n - 1 - i) / 2
        constant += loggamma(mpf(i) / 2) + loggamma(b) - loggamma(mpf(i) / 2 + b) + mpf(i) / 2 * log(pi) - loggamma(
            mpf(i) / 2)
    return sum((n - i + 2 * h - 3) * log(l[i][i]) for i in range(1, n)) - constant


def wishart(x, v, l):
    n = len(l)
    scale, value = mpmath.matrix(tril_covariance(l)), mpmath.matrix(x)
    ratio = (scale ** -1) * value
    multigamma = mpf(n * (n - 1)) / 4 * log(pi) + sum(loggamma((v - i) / 2) for i in range(n))
    return ((v - n - 1) / 2 * log(mpmath.det(value)) - sum(ratio[i, i] for i in range(n)) / 2 - v * n / 2 * log(mpf(2))
            - v / 2 * log(mpmath.det(scale)) - multigamma)


def relaxed(x, t, logits):
    k = len(logits)
    p = categorical(logits)
    score = [l - t * log(v) for l, v in zip(p, x)]
    return loggamma(mpf(k)) + (k - 1) * log(t) + sum(s - log(v) for s, v in zip(score, x)) - k * log_sum_exp(score)


def logistic_normal(x, loc, scale):
    last = log(x[-1])
    out = -sum(log(v) for v in x)
    for v, m, s in zip(x, loc, scale):
        u = (log(v) - last - m) / s
        out += -u * u / 2 - log(s) - log(2 * pi) / 2
    return out


CASES = []


def case(family, parameters, values, density, entropy=None, others=(), kl=None):
    parameters = f32(parameters)
    points = []
    for value in values:
        value = f32(value)
        points.append([value, number(density(exact(value), *exact(parameters)))])
    entry = {"family": family, "parameters": parameters, "points": points, "kl": []}
    if entropy is not None:
        entry["entropy"] = number(entropy(*exact(parameters)))
    for other in others:
        other = f32(other)
        entry["kl"].append([other, number(kl(exact(parameters), exact(other)))])
    CASES.append(entry)
    print(family, parameters)


def main():
    for logits in ([0.3, -1, 2], [1000, -1e4, 998], [1e-8, 0, 0], [80, -80, 0]):
        p = lambda l: categorical(l)
        case("Categorical", [logits], [0, 1, 2], lambda k, l: categorical(l)[int(k)],
             lambda l: -sum(exp(v) * v for v in categorical(l)),
             [[[0.1, 0.2, 0.3]], [[v + 1e-3 * i for i, v in enumerate(logits)]]],
             lambda q, r: sum(exp(a) * (a - b) for a, b in zip(categorical(q[0]), categorical(r[0]))))
    points = [[0.2, 0.3, 0.5], [1e-8, 0.25, 0.75], [0.9, 0.0999, 1e-4]]
    for a in ([1, 1, 1], [1e-3, 0.5, 2], [1e4, 1e4, 1e4], [1e7, 2e7, 3e7], [1e12, 3, 1], [0.01, 300, 7]):
        near = [v * (1 + 1e-3 * i) for i, v in enumerate(a)]
        case("Dirichlet", [a], points, dirichlet, dirichlet_entropy, [[near], [[2, 3, 4]]], lambda q, r: dirichlet_kl(
            q[0], r[0]))
    tril = lambda l: tril_covariance(l)
    for l in ([[1, 0], [0, 1]], [[1, 0], [0.9999999, 4e-4]], [[1e-6, 0], [1e3, 1e-3]], [[3, 0], [-2, 1e4]]):
        loc = [1, -2]
        first = [loc[0] + l[0][0], loc[1] + l[1][0]]
        case("MultivariateNormal", [loc, l], [loc, first, [1.5, -2.25]], lambda x, m, t: normal(x, m, tril(t)),
            lambda m, t: normal_entropy(tril(t)),
             [[[1.001, -2], l], [[0, 0], [[1, 0], [0.5, 1]]]], lambda q, r: normal_kl(q[0], tril(q[1]), r[0], tril(
                 r[1])))
    for w, d in (([[1], [2], [3]], [1e-6] * 3), ([[1], [2], [3]], [1e-3, 1, 50]), ([[1e3, 0], [1, 1e-3], [0, 5]],
        [1e-5, 1e-2, 1e-5]), ([[0], [0], [0]], [1, 2, 3])):
        loc = [0, 0, 0]
        case("LowRankMultivariateNormal", [loc, w, d], [[1, 2, 3], loc, [1, 2, 2.5]], lambda x, m, f, g: normal(
            x, m, low_rank_covariance(f, g)),
             lambda m, f, g: normal_entropy(low_rank_covariance(f, g)), [[[0.1, 0, 0], w, [v * 1.01 for v in d]]],
             lambda q, r: normal_kl(q[0], low_rank_covariance(q[1], q[2]), r[0], low_rank_covariance(r[1], r[2])))
    directions = [[1, 0, 0], [0.6, 0, 0.8], [-0.5, 0.5, 0.70710677]]
    for k in (0, 1e-3, 1, 50, 1e4):
        case("VonMisesFisher", [[0, 0.6, 0.8], k], directions, von_mises_fisher)
        case("PowerSpherical", [[0, 0.6, 0.8], k], directions, power_spherical)
    for h in (0.01, 1, 30, 1e6):
        values = [[[1, 0, 0], [0.6, 0.8, 0], [0.1, 0.2, 0.9746794]], [[1, 0, 0], [1, 1e-20, 0], [0, 0, 1]]]
        case("LKJCholesky", [h], values, lkj)
    for v in (3, 4.5, 1e4):
        case("Wishart", [v, [[1, 0], [0.5, 0.1]]], [[[1, 0.5], [0.5, 0.3]], [[v, 0], [0, v]]], wishart)
    simplex = [[0.2, 0.3, 0.5], [1e-20, 0.25, 0.75], [0.999, 9e-4, 1e-4]]
    for t in (0.01, 0.5, 1, 5):
        case("RelaxedOneHotCategorical", [t, [0, 3, -20]], simplex, relaxed)
    for s in (1e-3, 1, 40):
        case("LogisticNormal", [[0.5, -1], [s, 2 * s]], simplex, logistic_normal)
    with open(os.path.join(HERE, "vector_grid.json"), "w", newline="\n") as f:
        json.dump(CASES, f, indent=None, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main()
