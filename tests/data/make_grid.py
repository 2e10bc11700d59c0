#!/usr/bin/env python3
"""Makes grid.json: densities, tails, quantiles, entropies and divergences at ordinary and extreme parameters, with
mpmath.

    /usr/bin/python3 tests/data/make_grid.py        [Normal | ...]       (needs mpmath; the table is committed)

Every parameter, value and probability is a Float32 number, so that both element types are asked for the same exact
value. For each family: rows of a parameter vector with its entropy, points [x, log p(x), log P(X <= x), log P(X > x)]
and quantiles [p, x]; and divergences [theta of q, theta of p, KL(q || p)]. What has no formula, or no affordable one,
is null.
"""
import json
import math
import os
import struct
import sys

import mpmath
from mpmath import exp, expm1, log, log1p, loggamma, mp, mpf, pi, psi, sqrt

from make_special import beta_tails, lower_tail, upper_tail

mp.dps = 60
sys.set_int_max_str_digits(0)
HERE = os.path.dirname(os.path.abspath(__file__))
INF = mpf("inf")


def f32(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def softplus(x):
    return log1p(exp(x)) if x < 0 else x + log1p(exp(-x))


def log_beta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def phi_tail(u):
    """log Phi(-u), the upper tail."""
    return log(mpmath.erfc(u / sqrt(2)) / 2)


def pair(lower):
    """log of a tail and of its complement, from the tail itself."""
    return (log(lower) if lower > 0 else -INF, log1p(-lower) if lower < 1 else -INF)


def swap(tails):
    return (tails[1], tails[0])


def gamma_tails(a, x):
    if a > 2e6:
        return (None, None)
    if x <= 0:
        return (-INF, mpf(0))
    return pair(lower_tail(a, x)) if x < a + 1 else swap(pair(upper_tail(a, x)))


def beta_pair(a, b, x, y):
    """log I_x(a, b) and of its complement, y = 1 - x."""
    if max(a, b) > 2e4:
        return (None, None)
    if x <= 0:
        return (-INF, mpf(0))
    if y <= 0:
        return (mpf(0), -INF)
    if a + b < 60:
        return (log(mpmath.betainc(a, b, 0, x, regularized=True)), log(mpmath.betainc(b, a, 0, y, regularized=True)))
    low, high = beta_tails(a, b, x, y)
    return (log(low), log(high))


def xlogy(x, y):
    return mpf(0) if x == 0 else x * log(y) if y > 0 else (-INF if x > 0 else INF)


def xlog1py(x, y):
    return xlogy(x, 1 + y)


FAMILIES = {}


def family(name):
    def add(cls):
        FAMILIES[name] = cls
        return cls
    return add


class LocScale:
    zs = (-1000, -40, -9, -3, -0.5, 0, 0.001, 2, 6, 30)
    thetas = [(0, 1), (1e6, 0.5), (-3, 1e-6), (0.62919, 2e-6), (5, 1e6), (1e-6, 1e-3), (0, 1e-20), (1e10, 1e12)]

    @classmethod
    def values(cls, loc, scale):
        return [loc + scale * z for z in cls.zs]

    @classmethod
    def logpdf(cls, x, loc, scale):
        return cls.standard((x - loc) / scale) - log(scale)

    @classmethod
    def tails(cls, x, loc, scale):
        return cls.standard_tails((x - loc) / scale)

    @classmethod
    def entropy(cls, loc, scale):
        return cls.h + log(scale)

    @classmethod
    def quantile(cls, p, loc, scale):
        return loc + scale * cls.standard_quantile(p)


@family("Normal")
class Normal(LocScale):
    h = log(2 * pi * mpmath.e) / 2
    standard = staticmethod(lambda u: -u * u / 2 - log(2 * pi) / 2)
    standard_tails = staticmethod(lambda u: (phi_tail(-u), phi_tail(u)))
    standard_quantile = staticmethod(lambda p: -sqrt(2) * mpmath.erfinv(1 - 2 * p))
    kl = staticmethod(lambda q, p: log(p[1] / q[1]) + (q[1] ** 2 + (q[0] - p[0]) ** 2) / (2 * p[1] ** 2) - mpf(1) / 2)


@family("Laplace")
class Laplace(LocScale):
    h = 1 + log(mpf(2))
    standard = staticmethod(lambda u: -abs(u) - log(mpf(2)))
    standard_tails = staticmethod(lambda u: pair(exp(u) / 2) if u < 0 else swap(pair(exp(-u) / 2)))
    standard_quantile = staticmethod(lambda p: log(2 * p) if p < 0.5 else -log(2 - 2 * p))

    @staticmethod
    def kl(q, p):
        d = abs(q[0] - p[0])
        return log(p[1] / q[1]) + (q[1] * exp(-d / q[1]) + d) / p[1] - 1


@family("Logistic")
class Logistic(LocScale):
    h = mpf(2)
    standard = staticmethod(lambda u: -abs(u) - 2 * log1p(exp(-abs(u))))
    standard_tails = staticmethod(lambda u: (-softplus(-u), -softplus(u)))
    standard_quantile = staticmethod(lambda p: log(p) - log1p(-p))


@family("Cauchy")
class Cauchy(LocScale):
    h = log(4 * pi)
    standard = staticmethod(lambda u: -log(pi) - log1p(u * u))

    @staticmethod
    def standard_tails(u):
        lower = mpmath.atan(-1 / u) / pi if u < 0 else mpf(1) / 2 + mpmath.atan(u) / pi
        upper = mpmath.atan(1 / u) / pi if u > 0 else mpf(1) / 2 - mpmath.atan(u) / pi
        return (log(lower), log(upper))

    standard_quantile = staticmethod(lambda p: mpmath.tan(pi * (p - mpf(1) / 2)))
    kl = staticmethod(lambda q, p: log(((q[1] + p[1]) ** 2 + (q[0] - p[0]) ** 2) / (4 * q[1] * p[1])))


@family("Gumbel")
class Gumbel(LocScale):
    zs = (-5, -3, -0.5, 0, 0.001, 2, 6, 40, 800)
    h = mpmath.euler + 1
    standard = staticmethod(lambda u: -u - exp(-u))
    standard_tails = staticmethod(lambda u: (-exp(-u), log(-expm1(-exp(-u)))))
    standard_quantile = staticmethod(lambda p: -log(-log(p)))

    @staticmethod
    def kl(q, p):
        r, d = q[1] / p[1], (q[0] - p[0]) / p[1]
        return -log(r) + d + mpmath.euler * (r - 1) + exp(-d) * mpmath.gamma(1 + r) - 1


@family("StudentT")
class StudentT:
    thetas = [(3, 0, 1), (0.5, 1, 2), (1000, 0, 1), (1e5, 2, 1e-6), (1e15, 0, 1), (0.01, 0, 1), (1, 0, 1e6),
        (30, 1e6, 1)]

    @staticmethod
    def values(v, loc, scale):
        return [loc + scale * z for z in (-1e8, -40, -9, -2, -0.01, 0, 0.5, 4, 30, 1e20)]

    @staticmethod
    def logpdf(x, v, loc, scale):
        u = (x - loc) / scale
        return -(v + 1) / 2 * log1p(u * u / v) - log_beta(v / 2, mpf(1) / 2) - log(v) / 2 - log(scale)

    @staticmethod
    def tails(x, v, loc, scale):
        u = (x - loc) / scale
        if v > 4e4:
            return (None, None)
        outer = mpf(1)
        if u != 0:
            outer = beta_tails(v / 2, mpf(1) / 2, v / (v + u * u), u * u / (v + u * u))[0]
        tail = pair(outer / 2)
        return tail if u < 0 else swap(tail)

    @staticmethod
    def entropy(v, loc, scale):
        return (v + 1) / 2 * (psi(0, (v + 1) / 2) - psi(0, v / 2)) + log_beta(v / 2, mpf(1) / 2) + log(v) / 2 + log(
            scale)


class OnLine:
    """Positive families: values about a middle."""
    factors = (1e-12, 1e-3, 0.3, 0.9, 1, 1.001, 2, 10, 1000)

    @classmethod
    def values(cls, *theta):
        return [cls.middle(*theta) * f for f in cls.factors]


@family("LogNormal")
class LogNormal:
    thetas = [(0, 1), (0.62919, 2e-6), (3, 0.1), (-20, 5), (0, 25), (10, 1e-3)]

    @staticmethod
    def values(loc, scale):
        return [exp(loc + scale * z) for z in (-9, -2, 0, 0.3, 3, 6)] + [exp(loc - scale * scale), 0]

    @staticmethod
    def logpdf(x, loc, scale):
        return -INF if x == 0 else Normal.logpdf(log(x), loc, scale) - log(x)

    @staticmethod
    def tails(x, loc, scale):
        return (-INF, mpf(0)) if x == 0 else Normal.tails(log(x), loc, scale)

    entropy = staticmethod(lambda loc, scale: Normal.entropy(loc, scale) + loc)
    quantile = staticmethod(lambda p, loc, scale: exp(Normal.quantile(p, loc, scale)))
    kl = staticmethod(Normal.kl)


@family("HalfNormal")
class HalfNormal(OnLine):
    thetas = [(1,), (1e-20,), (1e8,)]
    middle = staticmethod(lambda s: s)
    factors = (0, 1e-20, 1e-9, 1e-3, 0.3, 1, 3, 9, 40)
    logpdf = staticmethod(lambda x, s: Normal.logpdf(x, mpf(0), s) + log(mpf(2)))

    @staticmethod
    def tails(x, s):
        return (log(mpmath.erf(x / s / sqrt(2))) if x > 0 else -INF, log(mpmath.erfc(x / s / sqrt(2))))

    entropy = staticmethod(lambda s: Normal.entropy(mpf(0), s) - log(mpf(2)))
    quantile = staticmethod(lambda p, s: s * sqrt(2) * mpmath.erfinv(p))
    kl = staticmethod(lambda q, p: Normal.kl((0, q[0]), (0, p[0])))


@family("HalfCauchy")
class HalfCauchy(OnLine):
    thetas = [(1,), (1e-10,), (1e10,)]
    middle = staticmethod(lambda s: s)
    factors = (0, 1e-15, 1e-3, 0.3, 1, 7, 1e4, 1e20)
    logpdf = staticmethod(lambda x, s: log(2 / pi) - log(s) - log1p((x / s) ** 2))

    @staticmethod
    def tails(x, s):
        return (-INF, mpf(0)) if x == 0 else (log(2 * mpmath.atan(x / s) / pi), log(2 * mpmath.atan(s / x) / pi))

    entropy = staticmethod(lambda s: log(2 * pi * s))
    quantile = staticmethod(lambda p, s: s * mpmath.tan(pi * p / 2))
    kl = staticmethod(lambda q, p: log((q[0] + p[0]) ** 2 / (4 * q[0] * p[0])))


@family("Exponential")
class Exponential(OnLine):
    thetas = [(1,), (1e-10,), (1e10,), (3.7,)]
    middle = staticmethod(lambda r: 1 / r)
    factors = (0, 1e-20, 1e-8, 0.3, 1, 7, 60, 1000)
    logpdf = staticmethod(lambda x, r: log(r) - r * x)
    tails = staticmethod(lambda x, r: (log(-expm1(-r * x)) if x > 0 else -INF, -r * x))
    entropy = staticmethod(lambda r: 1 - log(r))
    quantile = staticmethod(lambda p, r: -log1p(-p) / r)
    kl = staticmethod(lambda q, p: p[0] / q[0] - 1 - log(p[0] / q[0]))


@family("Gamma")
class Gamma(OnLine):
    thetas = [(1, 2), (0.5, 1), (3, 1e-4), (40, 1e6), (1e4, 1e4), (1e6, 3), (1e15, 1e15), (1e20, 1), (1e-3, 1), (2, 2)]
    middle = staticmethod(lambda a, r: a / r)

    @classmethod
    def values(cls, a, r):
        sd = sqrt(a) / r
        near = [a / r + sd * z for z in (-6, -2, 0.01, 1, 5, 30)]
        return [0, max(a - 1, 0) / r] + [x for x in near if x > 0] + [a / r * f for f in (1e-6, 0.3, 1, 3, 60)]

    @staticmethod
    def logpdf(x, a, r):
        return a * log(r) + xlogy(a - 1, x) - r * x - loggamma(a)

    tails = staticmethod(lambda x, a, r: gamma_tails(a, r * x))
    entropy = staticmethod(lambda a, r: a - log(r) + loggamma(a) + (1 - a) * psi(0, a))

    @staticmethod
    def kl(q, p):
        return (q[0] - p[0]) * psi(0, q[0]) - loggamma(q[0]) + loggamma(p[0]) + p[0] * log(q[1] / p[1]) + q[0] * (
            p[1] / q[1] - 1)


@family("Chi2")
class Chi2:
    thetas = [(1,), (2,), (7,), (3e4,), (1e12,), (0.01,)]
    values = staticmethod(lambda k: Gamma.values(k / 2, mpf(1) / 2))
    logpdf = staticmethod(lambda x, k: Gamma.logpdf(x, k / 2, mpf(1) / 2))
    tails = staticmethod(lambda x, k: Gamma.tails(x, k / 2, mpf(1) / 2))
    entropy = staticmethod(lambda k: Gamma.entropy(k / 2, mpf(1) / 2))
    kl = staticmethod(lambda q, p: Gamma.kl((q[0] / 2, mpf(1) / 2), (p[0] / 2, mpf(1) / 2)))


@family("InverseGamma")
class InverseGamma:
    thetas = [(3, 1), (0.5, 2), (1e4, 1e4), (1e12, 1e10), (1e-3, 1), (30, 1e-8)]

    @staticmethod
    def values(a, s):
        middle = s / a
        return [middle * f for f in (0.02, 0.3, 0.9, 1, 1.001, 3, 50, 1e10)] + [s / (a + 1), mpf("0.02")]

    @staticmethod
    def logpdf(x, a, s):
        return a * log(s) - (a + 1) * log(x) - s / x - loggamma(a)

    tails = staticmethod(lambda x, a, s: swap(gamma_tails(a, s / x)))
    entropy = staticmethod(lambda a, s: a + log(s) + loggamma(a) - (1 + a) * psi(0, a))
    kl = staticmethod(Gamma.kl)


@family("Beta")
class Beta:
    thetas = [(1, 1), (0.5, 0.5), (2, 5), (1e-3, 3), (1, 30), (1e4, 10), (1e7, 1e7), (1e12, 3), (1e15, 1e15),
        (700, 1e-2)]

    @staticmethod
    def values(a, b):
        m, sd = a / (a + b), sqrt(a * b / (a + b + 1)) / (a + b)
        near = [m + sd * z for z in (-5, -1, 0, 0.5, 4)]
        ends = [0, 1, mpf(2) ** -100, mpf("1e-8"), 1 - mpf(2) ** -24, mpf(1) / 2]
        return ends + [x for x in near if 0 < x < 1] + ([(a - 1) / (a + b - 2)] if a > 1 and b > 1 else [])

    @staticmethod
    def logpdf(x, a, b):
        return xlogy(a - 1, x) + xlog1py(b - 1, -x) - log_beta(a, b)

    tails = staticmethod(lambda x, a, b: beta_pair(a, b, x, 1 - x))

    @staticmethod
    def entropy(a, b):
        return log_beta(a, b) - (a - 1) * psi(0, a) - (b - 1) * psi(0, b) + (a + b - 2) * psi(0, a + b)

    @staticmethod
    def kl(q, p):
        total = psi(0, q[0] + q[1])
        return log_beta(*p) - log_beta(*q) + (q[0] - p[0]) * (psi(0, q[0]) - total) + (q[1] - p[1]) * (
            psi(0, q[1]) - total)


@family("Kumaraswamy")
class Kumaraswamy:
    thetas = [(1, 1), (2, 3), (0.1, 0.2), (1e4, 30), (30, 1e6), (1, 5), (1e-3, 1)]
    values = staticmethod(lambda a, b: [0, 1, mpf(2) ** -60, mpf("0.01"), mpf("0.3"), mpf("0.7"), 1 - mpf(2) ** -24,
        exp(-1 / a)])
    logpdf = staticmethod(lambda x, a, b: log(a) + log(b) + xlogy(a - 1, x) + xlogy(b - 1, -expm1(a * log(x)) if x > 0
        else mpf(1)))

    @staticmethod
    def tails(x, a, b):
        if x in (0, 1):
            return (-INF, mpf(0)) if x == 0 else (mpf(0), -INF)
        upper = b * log1p(-exp(a * log(x)))
        return (log(-expm1(upper)), upper)

    entropy = staticmethod(lambda a, b: 1 - 1 / b + (1 - 1 / a) * (psi(0, b + 1) + mpmath.euler) - log(a) - log(b))
    quantile = staticmethod(lambda p, a, b: (-expm1(log1p(-p) / b)) ** (1 / a))

    @staticmethod
    def variance(a, b):
        moment = lambda k: b * exp(log_beta(1 + k / a, b))
        return moment(2) - moment(1) ** 2


@family("Weibull")
class Weibull(OnLine):
    thetas = [(1, 1), (2, 0.3), (1e6, 5), (1e-8, 1e4), (3, 1e-2), (1, 1e8)]
    factors = (0, 1e-20, 1e-3, 0.3, 0.999, 1, 1.001, 2, 5)
    middle = staticmethod(lambda s, k: s)
    logpdf = staticmethod(lambda x, s, k: log(k / s) + xlogy(k - 1, x / s) - (x / s) ** k)

    @staticmethod
    def tails(x, s, k):
        if x == 0:
            return (-INF, mpf(0))
        power = (x / s) ** k
        return (log(-expm1(-power)) if power < 1e4 else mpf(0), -power)

    entropy = staticmethod(lambda s, k: mpmath.euler * (1 - 1 / k) + log(s / k) + 1)
    quantile = staticmethod(lambda p, s, k: s * (-log1p(-p)) ** (1 / k))

    @staticmethod
    def kl(q, p):
        r, t = p[1] / q[1], p[1] * log(q[0] / p[0])
        return -log(r) - t + mpmath.euler * (r - 1) + exp(t) * mpmath.gamma(1 + r) - 1

    variance = staticmethod(lambda s, k: s * s * (mpmath.gamma(1 + 2 / k) - mpmath.gamma(1 + 1 / k) ** 2))


@family("Pareto")
class Pareto(OnLine):
    thetas = [(1, 1), (3, 0.01), (1e-6, 30), (1e6, 1e4)]
    factors = (0.5, 1, 1.0000002, 1.001, 1.5, 20, 1e8)
    middle = staticmethod(lambda s, a: s)
    logpdf = staticmethod(lambda x, s, a: -INF if x < s else log(a) + a * log(s) - (a + 1) * log(x))

    @staticmethod
    def tails(x, s, a):
        if x <= s:
            return (-INF, mpf(0))
        return (log(-expm1(-a * log(x / s))), -a * log(x / s))

    entropy = staticmethod(lambda s, a: log(s / a) + 1 + 1 / a)
    quantile = staticmethod(lambda p, s, a: s * exp(-log1p(-p) / a))
    kl = staticmethod(lambda q, p: log(q[1] / p[1]) + p[1] * log(q[0] / p[0]) + p[1] / q[1] - 1 if q[0] >= p[0]
        else INF)


@family("Uniform")
class Uniform:
    thetas = [(0, 1), (-1e6, 1e6), (1e6, 1000001), (2, 2.5)]
    values = staticmethod(lambda a, b: [a - 1, a, a + (b - a) * mpf("1e-3"), (a + b) / 2, a + (b - a) * mpf("0.9"), b,
        b + 1])
    logpdf = staticmethod(lambda x, a, b: -log(b - a) if a <= x <= b else -INF)
    tails = staticmethod(lambda x, a, b: (-INF, mpf(0)) if x <= a else (mpf(0), -INF) if x >= b else (
        log((x - a) / (b - a)), log((b - x) / (b - a))))
    entropy = staticmethod(lambda a, b: log(b - a))
    quantile = staticmethod(lambda p, a, b: a + (b - a) * p)
    kl = staticmethod(lambda q, p: log((p[1] - p[0]) / (q[1] - q[0])) if p[0] <= q[0] and q[1] <= p[1] else INF if p[
        0] < p[1] else None)


@family("FisherSnedecor")
class FisherSnedecor:
    thetas = [(2, 0.02), (10, 0.1), (2, 8), (3, 7), (1, 1), (5000, 3), (1e4, 1e4), (1e9, 1e9)]
    values = staticmethod(lambda m, n: [0, mpf("1e-8"), mpf("0.01"), mpf("0.5"), 1, mpf("1.01"), 3, 100, mpf("1e6"),
        mpf("1e15")]
                          + ([(m - 2) / m * n / (n + 2)] if m > 2 else []))

    @staticmethod
    def logpdf(x, m, n):
        return m / 2 * log(m / n) + xlogy(m / 2 - 1, x) - (m + n) / 2 * log1p(m * x / n) - log_beta(m / 2, n / 2)

    tails = staticmethod(lambda x, m, n: beta_pair(m / 2, n / 2, m * x / (m * x + n), n / (m * x + n)))

    @staticmethod
    def entropy(m, n):
        a, b = m / 2, n / 2
        return log(b / a) + log_beta(a, b) + (1 - a) * psi(0, a) - (1 + b) * psi(0, b) + (a + b) * psi(0, a + b)


@family("VonMises")
class VonMises:
    thetas = [(0, 1), (0, 1e-3), (2, 30), (-3, 5), (0, 1e4), (1, 700)]

    @staticmethod
    def values(loc, k):
        return [v for v in [loc + z / sqrt(k + 1) for z in (-6, -2, 0, 0.5, 3)] + [-3, 0, 3] if -3.14 < v < 3.14]

    @staticmethod
    def constant(k):
        return log(2 * pi * mpmath.besseli(0, k)) - k

    @classmethod
    def logpdf(cls, x, loc, k):
        return -2 * k * mpmath.sin((x - loc) / 2) ** 2 - cls.constant(k)

    @classmethod
    def mass(cls, low, high, loc, k):
        step = 4 / sqrt(k + 1)
        inner = sorted(set([low, high] + [c for c in [loc + turn * 2 * pi + s * step for turn in (-1, 0, 1) for s in (
            -2, -1, 0, 1, 2)] if low < c < high]))
        with mp.workdps(30):
            return mpmath.quad(lambda t: exp(-2 * k * mpmath.sin((t - loc) / 2) ** 2), inner) / exp(cls.constant(k))

    @classmethod
    def tails(cls, x, loc, k):
        return (log(cls.mass(-pi, x, loc, k)), log(cls.mass(x, pi, loc, k)))

    @classmethod
    def entropy(cls, loc, k):
        return cls.constant(k) + k - k * mpmath.besseli(1, k) / mpmath.besseli(0, k)

    @classmethod
    def kl(cls, q, p):
        ratio = mpmath.besseli(1, q[1]) / mpmath.besseli(0, q[1])
        return cls.constant(p[1]) + p[1] - cls.constant(q[1]) - q[1] + ratio * (q[1] - p[1] * mpmath.cos(q[0] - p[0]))


@family("ContinuousBernoulli")
class ContinuousBernoulli:
    thetas = [(0,), (1e-6,), (0.3,), (-2,), (40,), (-500,)]
    values = staticmethod(lambda l: [0, mpf("1e-6"), mpf("0.1"), mpf("0.5"), mpf("0.9"), 1 - mpf(2) ** -20, 1])
    constant = staticmethod(lambda l: log(expm1(l) / l) if l != 0 else mpf(0))
    mean = staticmethod(lambda l: 1 / (1 - exp(-l)) - 1 / l if l != 0 else mpf(1) / 2)
    logpdf = classmethod(lambda c, x, l: l * x - c.constant(l))

    @staticmethod
    def tails(x, l):
        if x in (0, 1):
            return (-INF, mpf(0)) if x == 0 else (mpf(0), -INF)
        if l == 0:
            return (log(x), log(1 - x))
        return (log(expm1(l * x) / expm1(l)), log(expm1(-l * (1 - x)) / expm1(-l)))

    entropy = classmethod(lambda c, l: c.constant(l) - l * c.mean(l))
    quantile = staticmethod(lambda p, l: p if l == 0 else log1p(p * expm1(l)) / l)
    kl = classmethod(lambda c, q, p: (q[0] - p[0]) * c.mean(q[0]) - c.constant(q[0]) + c.constant(p[0]))


@family("TruncatedNormal")
class TruncatedNormal:
    thetas = [(0, 1, -1, 2), (0, 1, 8, 9), (0, 1, 1000, 1001), (5, 1e-3, -1, 4), (0, 1e6, 1, 2), (1, 2, -30, 0)]
    values = staticmethod(lambda m, s, a, b: [a - 1, a, a + (b - a) * mpf("1e-4"), a + (b - a) * mpf("0.3"),
        (a + b) / 2, a + (b - a) * mpf("0.99"), b])

    @staticmethod
    def mass(low, high):
        return mpmath.erfc(low / sqrt(2)) / 2 - mpmath.erfc(high / sqrt(2)) / 2

    @classmethod
    def logpdf(cls, x, m, s, a, b):
        if not a <= x <= b:
            return -INF
        low, high = (a - m) / s, (b - m) / s
        return Normal.logpdf(x, m, s) - log(cls.mass(-high, -low) if high < 0 else cls.mass(low, high))

    @classmethod
    def tails(cls, x, m, s, a, b):
        if x <= a or x >= b:
            return (-INF, mpf(0)) if x <= a else (mpf(0), -INF)
        low, at, high = (a - m) / s, (x - m) / s, (b - m) / s
        if high < 0:
            low, at, high = -high, -at, -low
            whole = cls.mass(low, high)
            return (log(cls.mass(at, high) / whole), log(cls.mass(low, at) / whole))
        whole = cls.mass(low, high)
        return (log(cls.mass(low, at) / whole), log(cls.mass(at, high) / whole))


@family("RelaxedBernoulli")
class RelaxedBernoulli:
    thetas = [(1, 0), (0.5, 1), (2, -3), (0.1, 20), (1, -2)]
    values = staticmethod(lambda t, l: [0, mpf("1e-8"), mpf("0.2"), mpf("0.5"), mpf("0.9"), 1 - mpf(2) ** -22, 1])

    @staticmethod
    def logpdf(x, t, l):
        if x in (0, 1):
            return log(t) + (l if x == 1 else -l) if t == 1 else (INF if t < 1 else -INF)
        y = log(x) - log1p(-x)
        u = l - t * y
        return log(t) + u - 2 * softplus(u) - log(x) - log1p(-x)

    @staticmethod
    def tails(x, t, l):
        if x in (0, 1):
            return (-INF, mpf(0)) if x == 0 else (mpf(0), -INF)
        u = t * (log(x) - log1p(-x)) - l
        return (-softplus(-u), -softplus(u))


class Counts:
    pass


@family("Poisson")
class Poisson(Counts):
    thetas = [(0.01,), (1,), (3.5,), (40,), (1e4,), (1e6,), (1e15,)]
    values = staticmethod(lambda r: sorted({0, 1, 2, 7, math.floor(r), math.floor(r + 5 * sqrt(r)),
        max(0, math.floor(r - 5 * sqrt(r))), 5.5, -1}))
    logpdf = staticmethod(lambda k, r: -INF if k < 0 or k != mpmath.floor(k) else k * log(r) - r - loggamma(k + 1))
    tails = staticmethod(lambda k, r: (-INF, mpf(0)) if k < 0 else swap(gamma_tails(mpmath.floor(k) + 1, r)))
    kl = staticmethod(lambda q, p: q[0] * log(q[0] / p[0]) - q[0] + p[0])


@family("Binomial")
class Binomial(Counts):
    thetas = [(1, 0), (10, -1), (100, 20), (5000, -8), (30, 0.5), (1e9, 0), (0, 1)]
    values = staticmethod(lambda n, l: sorted({v for v in {0, 1, 2, 7, int(n / 2), int(n) - 1, int(n), int(n) + 1,
        int(n / (1 + exp(-l))), -1, 1.5} if v >= -1}))

    @staticmethod
    def logpdf(k, n, l):
        if k < 0 or k > n or k != mpmath.floor(k):
            return -INF
        return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1) - k * softplus(-l) - (n - k) * softplus(l)

    @staticmethod
    def tails(k, n, l):
        k = mpmath.floor(k)
        if k < 0:
            return (-INF, mpf(0))
        if k >= n:
            return (mpf(0), -INF)
        return beta_pair(n - k, k + 1, 1 / (1 + exp(l)), 1 / (1 + exp(-l)))

    @staticmethod
    def kl(q, p):
        return q[0] * Bernoulli.kl((q[1],), (p[1],)) if q[0] == p[0] else None


@family("NegativeBinomial")
class NegativeBinomial(Counts):
    thetas = [(1, 0), (0.3, 2), (50, -3), (1e4, -6), (2.5, 8), (1e9, -15)]
    values = staticmethod(lambda r, l: sorted({0, 1, 2, 9, int(r * exp(l)), int(r * exp(l) * 3) + 10, -1}))

    @staticmethod
    def logpdf(k, r, l):
        if k < 0 or k != mpmath.floor(k):
            return -INF
        return loggamma(r + k) - loggamma(k + 1) - loggamma(r) - r * softplus(l) - k * softplus(-l)

    @staticmethod
    def tails(k, r, l):
        return (-INF, mpf(0)) if k < 0 else beta_pair(r, mpmath.floor(k) + 1, 1 / (1 + exp(l)), 1 / (1 + exp(-l)))

    kl = staticmethod(lambda q, p: q[0] * (1 + exp(q[1])) * Bernoulli.kl((q[1],), (p[1],)) if q[0] == p[0] else None)


@family("Geometric")
class Geometric(Counts):
    thetas = [(0,), (-10,), (3,), (30,), (-20,)]
    values = staticmethod(lambda l: sorted({0, 1, 5, int(exp(-l)), int(10 * exp(-l)), -1}))
    logpdf = staticmethod(lambda k, l: -INF if k < 0 or k != mpmath.floor(k) else -softplus(-l) - k * softplus(l))
    tails = staticmethod(lambda k, l: (-INF, mpf(0)) if k < 0 else (log(-expm1(-(mpmath.floor(k) + 1) * softplus(l))),
        -(mpmath.floor(k) + 1) * softplus(l)))
    entropy = staticmethod(lambda l: Bernoulli.entropy(l) * (1 + exp(-l)))
    kl = staticmethod(lambda q, p: Bernoulli.kl(q, p) * (1 + exp(-q[0])))


@family("Bernoulli")
class Bernoulli(Counts):
    thetas = [(0,), (2,), (-30,), (80,), (-1e-3,)]
    values = staticmethod(lambda l: [-1, 0, 1, 2, 5])
    logpdf = staticmethod(lambda k, l: -INF if k not in (0, 1) else -softplus(-l) if k == 1 else -softplus(l))
    tails = staticmethod(lambda k, l: (-INF, mpf(0)) if k < 0 else (mpf(0), -INF) if k >= 1 else (
        -softplus(l), -softplus(-l)))
    entropy = staticmethod(lambda l: softplus(-l) / (1 + exp(-l)) + softplus(l) / (1 + exp(l)))

    @staticmethod
    def kl(q, p):
        return (softplus(-p[0]) - softplus(-q[0])) / (1 + exp(-q[0])) + (softplus(p[0]) - softplus(q[0])) / (
            1 + exp(q[0]))


@family("BetaBinomial")
class BetaBinomial(Counts):
    thetas = [(10, 1, 1), (100, 0.1, 30), (1e6, 2, 3), (7, 1e6, 1e6)]
    values = staticmethod(lambda n, a, b: [-1, 0, 1, int(n / 2), int(n), int(n) + 1])

    @staticmethod
    def logpdf(k, n, a, b):
        if k < 0 or k > n:
            return -INF
        return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1) + log_beta(k + a, n - k + b) - log_beta(a, b)


@family("ZeroInflatedPoisson")
class ZeroInflatedPoisson(Counts):
    thetas = [(0, 3), (-30, 40), (20, 1e-3), (2, 1000)]
    values = staticmethod(lambda g, r: sorted({-1, 0, 1, 2, int(r), int(3 * r) + 20}))

    @staticmethod
    def logpdf(k, g, r):
        if k < 0:
            return -INF
        gate, rest = 1 / (1 + exp(-g)), exp(Poisson.logpdf(k, r)) / (1 + exp(g))
        return log(gate + rest) if k == 0 else log(rest)

    @staticmethod
    def tails(k, g, r):
        if k < 0:
            return (-INF, mpf(0))
        low, high = Poisson.tails(k, r)
        return (log(1 / (1 + exp(-g)) + exp(low) / (1 + exp(g))), high - softplus(g))


@family("HurdlePoisson")
class HurdlePoisson(Counts):
    thetas = ZeroInflatedPoisson.thetas
    values = ZeroInflatedPoisson.values

    @staticmethod
    def logpdf(k, g, r):
        if k < 0:
            return -INF
        return -softplus(-g) if k == 0 else Poisson.logpdf(k, r) - softplus(g) - log(-expm1(-r))

    @staticmethod
    def tails(k, g, r):
        if k < 0:
            return (-INF, mpf(0))
        high = exp(Poisson.tails(k, r)[1]) / -expm1(-r)
        return (log(1 / (1 + exp(-g)) + (1 - high) / (1 + exp(g))), log(high) - softplus(g))


def censored(base, name, thetas):
    class Censored:
        pass

    Censored.thetas = thetas

    @staticmethod
    def values(*theta):
        low, high = theta[-2:]
        return [low - 1, low, low + (high - low) * mpf("0.4"), high, high + 1]

    @staticmethod
    def logpdf(x, *theta):
        low, high = theta[-2:]
        if x == low:
            return base.tails(low, *theta[:-2])[0]
        if x == high:
            return base.tails(high, *theta[:-2])[1]
        return base.logpdf(x, *theta[:-2]) if low < x < high else -INF

    @staticmethod
    def tails(x, *theta):
        low, high = theta[-2:]
        return (-INF, mpf(0)) if x < low else (mpf(0), -INF) if x >= high else base.tails(x, *theta[:-2])

    Censored.values, Censored.logpdf, Censored.tails = values, logpdf, tails
    FAMILIES[name] = Censored


censored(Normal, "CensoredNormal", [(0, 1, -6, 6), (0, 1, -10, 10), (0, 1, -50, 50), (1, 2, -3000, 4000)])
censored(Laplace, "CensoredLaplace", [(0, 1, -20, 20), (0, 1e-3, -1, 1)])
censored(Gamma, "CensoredGamma", [(3, 1, 0.01, 50), (2, 2, 1e-10, 1000)])
censored(StudentT, "CensoredStudentT", [(3, 0, 1, -40, 1e8)])
censored(Gumbel, "CensoredGumbel", [(0, 1, -4, 60)])


@family("NormalMixture")
class NormalMixture:
    """Weights by log-odds of the second of two components: (odds, loc1, scale1, loc2, scale2)."""
    thetas = [(0, -1, 1, 1, 1), (-20, 0, 1, 50, 1e-3), (3, 0, 1e-3, 1000, 5)]
    values = staticmethod(lambda o, m1, s1, m2, s2: [m1 - 40 * s1, m1, (m1 + m2) / 2, m2, m2 + 30 * s2])

    @classmethod
    def logpdf(cls, x, o, m1, s1, m2, s2):
        return log(exp(Normal.logpdf(x, m1, s1) - softplus(o)) + exp(Normal.logpdf(x, m2, s2) - softplus(-o)))

    @classmethod
    def tails(cls, x, o, m1, s1, m2, s2):
        one, two = Normal.tails(x, m1, s1), Normal.tails(x, m2, s2)
        return tuple(log(exp(one[i] - softplus(o)) + exp(two[i] - softplus(-o))) for i in (0, 1))


PROBABILITIES = [1e-30, 1e-10, 0.01, 0.3, 0.5, 0.7, 1 - 2.0**-20]


def number(v):
    if v is None:
        return None
    if v in (INF, -INF):
        return "Infinity" if v > 0 else "-Infinity"
    if abs(v) > mpf(10) ** 308:
        return "Infinity" if v > 0 else "-Infinity"
    return float(mpmath.nstr(v, 30))


def solve(cls, p, theta):
    """The quantile of a continuous family: the root of the logarithm of its smaller tail, bracketed by the family's
    values."""
    upper = p > 0.5
    target = log1p(-p) if upper else log(p)

    def excess(x):
        return cls.tails(x, *theta)[1 if upper else 0] - target

    with mp.workdps(35):
        signs = [(x, excess(x)) for x in sorted(mpf(f32(x)) for x in cls.values(*theta))]
        falls = [(x, e) for x, e in signs if e != -INF]
        brackets = [(a, b) for (a, e), (b, g) in zip(falls, falls[1:]) if (e < 0) != (g < 0)]
        if not brackets or brackets[0][0] == 0:
            return None
        (a, b), rises = brackets[0], excess(brackets[0][1]) > 0
        # Halving until the root is nearly a straight line's, then the secant.
        while abs(b - a) > mpf(10) ** -9 * abs(b):
            middle = sqrt(a * b) if a > 0 and b > 4 * a else (a + b) / 2
            a, b = (a, middle) if (excess(middle) > 0) == rises else (middle, b)
        for _ in range(4):
            e, g = excess(a), excess(b)
            if e == g:
                break
            a, b = b, b - g * (b - a) / (g - e)
        return b


def rows(name, cls):
    out = []
    for theta in cls.thetas:
        exact = [mpf(f32(t)) for t in theta]
        points = []
        for x in sorted({f32(v) for v in cls.values(*exact)}):
            if abs(x) > 3e38 or 0 < abs(x) < 1.2e-38:
                continue
            tails = cls.tails(mpf(x), *exact) if hasattr(cls, "tails") else (None, None)
            points.append([x, number(cls.logpdf(mpf(x), *exact)), number(tails[0]), number(tails[1])])
        quantiles = []
        if not issubclass(cls, Counts):
            for p in PROBABILITIES:
                p = mpf(f32(p))
                if hasattr(cls, "quantile"):
                    x = cls.quantile(p, *exact)
                elif name in ("Gamma", "InverseGamma", "Beta", "FisherSnedecor", "StudentT") and max(
                    abs(t) for t in theta[:1]) <= 1000:
                    x = solve(cls, p, exact)
                else:
                    x = None
                # A root near 0 or at the end of the interval is not resolved.
                if x is not None and 1.2e-38 < abs(x) < 3e38 and not (name == "StudentT" and abs(x) < 1e-9) and not (
                    name == "Beta" and x >= 1):
                    quantiles.append([float(p), number(x)])
        row = {"theta": [float(t) for t in exact], "points": points, "quantiles": quantiles}
        if hasattr(cls, "entropy"):
            row["entropy"] = number(cls.entropy(*exact))
        if hasattr(cls, "variance"):
            row["variance"] = number(cls.variance(*exact))
        out.append(row)
        print(name, theta, len(points), len(quantiles), flush=True)
    return out


def divergences(cls):
    if not hasattr(cls, "kl"):
        return []
    thetas = [[mpf(f32(t)) for t in theta] for theta in cls.thetas]
    pairs = list(zip(thetas, thetas[1:]))
    for theta in thetas:
        pairs.append((theta, theta))
        for i in range(len(theta)):
            for factor in (1 + 3e-4, 1.1):
                moved = list(theta)
                moved[i] = mpf(f32(theta[i] * factor)) if theta[i] != 0 else mpf(f32(factor - 1))
                pairs.append((theta, moved))
    out = []
    for q, p in pairs:
        kl = cls.kl(q, p)
        if kl is not None and (kl == INF or kl < 3e38):
            out.append([[float(t) for t in q], [float(t) for t in p], number(kl)])
    return out


if __name__ == "__main__":
    path = os.path.join(HERE, "grid.json")
    content = json.load(open(path)) if sys.argv[1:] and os.path.exists(path) else {}
    for name in sys.argv[1:] or FAMILIES:
        with mp.workdps(60):
            content[name] = {"rows": rows(name, FAMILIES[name]), "kl": divergences(FAMILIES[name])}
        with open(path, "w", newline="\n") as f:
            json.dump({n: content[n] for n in FAMILIES if n in content}, f, indent=None, separators=(",", ":"))
            f.write("\n")
