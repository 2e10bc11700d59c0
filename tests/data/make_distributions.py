#!/usr/bin/env python3
"""Makes the reference tables of distributions in tests/data/distributions, in double: SciPy where it is accurate,
mpmath in 40 digits where it is not.

    python3 tests/data/make_distributions.py        (needs numpy, scipy, mpmath; the tables are committed)

Every parameter and value is rounded to binary32 first, so that Float32 and Float64 tests see the very same numbers. A
column that is left out has no closed form: the library must say so. Infinity and NaN are written as strings.
"""
import json
import math
import os

import mpmath as mp
import numpy as np
from scipy import special, stats

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "distributions")
mp.mp.dps = 40


def single(x):
    return np.asarray(x, dtype=np.float32).astype(np.float64)


def table(name, parameters, value, **columns):
    def number(v):
        return float(v) if math.isfinite(v) else ("NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity")

    def tensor(x):
        x = np.asarray(x, dtype=np.float64)
        return {"shape": list(x.shape), "values": [number(v) for v in x.ravel()]}

    content = {"parameters": {k: tensor(v) for k, v in parameters.items()}, "value": tensor(value),
        **{k: tensor(v) for k, v in columns.items()}}
    os.makedirs(HERE, exist_ok=True)
    with open(os.path.join(HERE, name + ".json"), "w", newline="\n") as f:
        json.dump(content, f, indent=None, separators=(",", ":"))
        f.write("\n")


def elementwise(function, *arrays):
    """An mpmath function over broadcast arrays."""
    arrays = np.broadcast_arrays(*arrays)
    return np.array([float(function(*[mp.mpf(float(v)) for v in row])) for row in zip(
        *[a.ravel() for a in arrays])]).reshape(arrays[0].shape)


def line(name, parameters, frozen, probabilities=(1e-6, 0.01, 0.3, 0.5, 0.9, 0.999), log_prob=None, cdf=None, mode=None,
    outside=(), **moments):
    """A continuous family on the line with values at its own quantiles. moments: overrides of entropy, mean,
    variance."""
    value = single(np.stack([frozen.ppf(p) for p in probabilities] + [np.full(frozen.ppf(0.5).shape, v)
        for v in outside]))
    with np.errstate(all="ignore"):
        columns = dict(
            log_prob=frozen.logpdf(value) if log_prob is None else elementwise(log_prob, value, *parameters.values()),
            cdf=frozen.cdf(value) if cdf is None else elementwise(cdf, value, *parameters.values()),
            entropy=frozen.entropy(), mean=frozen.mean(), variance=frozen.var())
    columns.update(moments)
    if mode is not None:
        columns["mode"] = mode
    shape = np.broadcast_arrays(*parameters.values())[0].shape
    columns = {k: (v if k in ("log_prob", "cdf") else np.broadcast_to(v, shape)) for k, v in columns.items()
        if v is not None}
    table(name, parameters, value, **columns)


LOC = single([[0.0, -1.5, 3.25], [10.0, 0.125, -0.001]])
SCALE = single([[1.0, 0.02, 7.5], [30.0, 0.25, 2.5]])


def location_scale():
    p = {"loc": LOC, "scale": SCALE}
    line("laplace", p, stats.laplace(LOC, SCALE), mode=LOC)
    line("logistic", p, stats.logistic(LOC, SCALE), mode=LOC)
    line("gumbel", p, stats.gumbel_r(LOC, SCALE), mode=LOC)
    nan = np.full(LOC.shape, np.nan)
    line("cauchy", p, stats.cauchy(LOC, SCALE), mode=LOC, mean=nan, variance=nan, entropy=np.log(4 * np.pi * SCALE))
    high = single(LOC + SCALE)
    line("uniform", {"low": LOC, "high": high}, stats.uniform(LOC, high - LOC), probabilities=(0.001, 0.3, 0.5, 0.97),
        mode=(LOC + high) / 2, outside=(-50.0, 50.0))
    loc, scale = single([[0.0, -1.5, 0.25], [1.0, 0.125, -3.0]]), single([[1.0, 0.02, 0.5], [0.3, 0.25, 0.75]])
    line("log_normal", {"loc": loc, "scale": scale}, stats.lognorm(scale, scale=np.exp(loc)), mode=np.exp(
        loc - scale**2), outside=(-1.0, 0.0))
    zero = np.zeros(SCALE.shape)
    line("half_normal", {"scale": SCALE}, stats.halfnorm(scale=SCALE), mode=zero, outside=(-1.0,))
    infinite = np.full(SCALE.shape, np.inf)
    line("half_cauchy", {"scale": SCALE}, stats.halfcauchy(scale=SCALE), mode=zero, outside=(-1.0,), mean=infinite,
        variance=infinite, entropy=np.log(2 * np.pi * SCALE))
    df = single([[3.5, 5.0, 30.0], [8.0, 4.5, 1000.0]])

    def t_entropy():
        return (df + 1) / 2 * (special.digamma((df + 1) / 2) - special.digamma(df / 2)) + np.log(
            np.sqrt(df)) + special.betaln(df / 2, 0.5) + np.log(SCALE)

    line("student_t", {"df": df, "loc": LOC, "scale": SCALE}, stats.t(df, LOC, SCALE), mode=LOC, entropy=t_entropy())


def positive():
    rate = single([[1.0, 0.02, 7.5], [30.0, 0.25, 2.5]])
    zero = np.zeros(rate.shape)
    line("exponential", {"rate": rate}, stats.expon(scale=1 / rate), mode=zero, outside=(-1.0,))
    scale, k = single([[1.0, 0.02, 7.5], [30.0, 0.25, 2.5]]), single([[1.0, 2.5, 0.7], [5.0, 1.5, 12.0]])
    with np.errstate(all="ignore"):
        mode = np.where(k > 1, scale * np.maximum(1 - 1 / k, 0) ** (1 / k), 0)
    variance = elementwise(lambda s, c: s**2 * (mp.gamma(1 + 2 / c) - mp.gamma(1 + 1 / c) ** 2), scale, k)
    line("weibull", {"scale": scale, "concentration": k}, stats.weibull_min(k, scale=scale), mode=mode, outside=(-1.0,),
        variance=variance)
    alpha = single([[5.5, 6.0, 8.0], [20.0, 7.5, 12.0]])
    line("pareto", {"scale": scale, "concentration": alpha}, stats.pareto(alpha, scale=scale), probabilities=(
        0.01, 0.3, 0.5, 0.9, 0.999), mode=scale, outside=(-1.0, 0.0), cdf=lambda x, s, a: 1 - (s / x) ** a if x > s
            else 0)
    a = single([[1.0, 0.3, 2.5], [30.0, 0.7, 500.0]])
    line("gamma", {"concentration": a, "rate": rate}, stats.gamma(a, scale=1 / rate), probabilities=(
        0.01, 0.3, 0.5, 0.9, 0.9999), mode=np.maximum(a - 1, 0) / rate, outside=(-1.0,),
         entropy=a - np.log(rate) + special.gammaln(a) + (1 - a) * special.digamma(a))
    df = single([[1.0, 0.8, 3.0], [10.0, 2.0, 250.0]])
    line("chi2", {"df": df}, stats.chi2(df), probabilities=(0.01, 0.3, 0.5, 0.9, 0.9999), mode=np.maximum(df - 2, 0),
        outside=(-1.0,),
         entropy=df / 2 + np.log(2) + special.gammaln(df / 2) + (1 - df / 2) * special.digamma(df / 2))
    heavy = single([[4.5, 6.0, 10.0], [30.0, 5.5, 500.0]])
    line("inverse_gamma", {"concentration": heavy, "scale": rate}, stats.invgamma(heavy, scale=rate), probabilities=(
        0.01, 0.3, 0.5, 0.9, 0.9999), mode=rate / (heavy + 1), outside=(-1.0, 0.0),
         entropy=heavy + np.log(rate) + special.gammaln(heavy) - (1 + heavy) * special.digamma(heavy))
    m, n = single([[2.0, 5.0, 1.0], [10.0, 3.0, 40.0]]), single([[9.0, 12.0, 20.0], [30.0, 15.0, 100.0]])

    def f_entropy():
        h, g = m / 2, n / 2
        return special.gammaln(h) + special.gammaln(g) - special.gammaln(h + g) + (1 - h) * special.digamma(h) - (
            1 + g) * special.digamma(g) + (h + g) * special.digamma(h + g) + np.log(n / m)

    line("fisher_snedecor", {"df1": m, "df2": n}, stats.f(m, n), probabilities=(0.01, 0.3, 0.5, 0.9, 0.999), outside=(
        -1.0,), entropy=f_entropy(), mode=np.maximum(m - 2, 0) / m * n / (n + 2))


def unit_interval():
    a, b = single([[1.0, 0.5, 2.5], [30.0, 4.0, 0.25]]), single([[1.0, 0.5, 1.5], [12.0, 0.75, 300.0]])

    def beta_mode():
        with np.errstate(all="ignore"):
            return np.where((a > 1) & (b > 1), (a - 1) / (a + b - 2), np.where(a >= b, 1, 0))

    line("beta", {"a": a, "b": b}, stats.beta(a, b), probabilities=(0.01, 0.3, 0.5, 0.9), outside=(-0.5, 1.5),
        mode=beta_mode(),
         entropy=special.betaln(a, b) - (a - 1) * special.digamma(a) - (b - 1) * special.digamma(b) + (a + b - 2)
             * special.digamma(a + b))

    # Kumaraswamy: F(x) = 1 - (1 - x^a)^b.
    c, d = single([[1.0, 0.5, 2.5], [3.0, 4.0, 2.0]]), single([[1.0, 0.75, 1.5], [12.0, 2.0, 8.0]])
    value = single(np.stack([(1 - (1 - p) ** (1 / d)) ** (1 / c) for p in (0.01, 0.3, 0.5, 0.9)] + [
        np.full(c.shape, -0.5), np.full(c.shape, 1.5)]))
    inside = (value > 0) & (value < 1)
    x = np.where(inside, value, 0.5)
    log_prob = np.where(inside, elementwise(lambda v, p, q: mp.log(p) + mp.log(q) + (p - 1) * mp.log(v) + (
        q - 1) * mp.log(1 - v**p), x, c, d), -np.inf)
    cdf = np.where(inside, elementwise(lambda v, p, q: 1 - (1 - v**p) ** q, x, c, d), value > 1)
    moment = lambda n: elementwise(lambda p, q: q * mp.beta(1 + n / p, q), c, d)
    variance = elementwise(lambda p, q: q * mp.beta(1 + 2 / p, q) - (q * mp.beta(1 + 1 / p, q)) ** 2, c, d)
    harmonic = special.digamma(d + 1) + np.euler_gamma
    with np.errstate(all="ignore"):
        mode = np.where((c > 1) & (d > 1), ((c - 1) / (c * d - 1)) ** (1 / c), np.where(c >= d, 1, 0))
    table("kumaraswamy", {"a": c, "b": d}, value, log_prob=log_prob, cdf=cdf, mean=moment(1), variance=variance,
          entropy=1 - 1 / d + (1 - 1 / c) * harmonic - np.log(c * d), mode=mode)

    # Continuous Bernoulli: p(x) = l e^(l x) / (e^l - 1).
    logits = single([[1e-3, 0.7, -2.0], [9.0, -40.0, 1e-7]])
    u = np.array([0.01, 0.3, 0.5, 0.9]).reshape(-1, 1, 1)
    value = single(np.concatenate([elementwise(lambda p, l: mp.log(1 + p * (mp.exp(l) - 1)) / l, u, logits), np.full(
        (1,) + logits.shape, -0.5), np.full((1,) + logits.shape, 1.5)]))
    inside = (value >= 0) & (value <= 1)
    x = np.where(inside, value, 0.5)
    mean = elementwise(lambda l: 1 / (1 - mp.exp(-l)) - 1 / l, logits)
    table("continuous_bernoulli", {"logits": logits}, value,
          log_prob=np.where(inside, elementwise(lambda v, l: l * v - mp.log((mp.exp(l) - 1) / l), x, logits), -np.inf),
          cdf=np.where(inside, elementwise(lambda v, l: (mp.exp(l * v) - 1) / (mp.exp(l) - 1), x, logits), value > 1),
          entropy=elementwise(lambda l: mp.log((mp.exp(l) - 1) / l) - l * (1 / (1 - mp.exp(-l)) - 1 / l), logits),
          mean=mean, variance=elementwise(lambda l: 1 / l**2 - 1 / (2 * mp.sinh(l / 2)) ** 2, logits), mode=(
              logits >= 0) * 1.0)

    # Relaxed Bernoulli: sigmoid((l + logistic) / t).
    t, l = single([[1.0, 0.5, 2.0], [0.7, 0.8, 1.5]]), single([[0.0, 0.5, -2.0], [1.0, -0.5, 0.25]])
    logit = lambda p: np.log(p) - np.log1p(-p)
    value = single(np.stack([special.expit((l + logit(p)) / t) for p in (0.02, 0.3, 0.5, 0.9)] + [
        np.full(l.shape, -0.5), np.full(l.shape, 1.5)]))
    inside = (value > 0) & (value < 1)
    x = np.where(inside, value, 0.5)

    def relaxed(v, s, o):
        y = mp.log(v) - mp.log(1 - v)
        return mp.log(s) + (o - s * y) - 2 * mp.log(1 + mp.exp(o - s * y)) - mp.log(v) - mp.log(1 - v)

    table("relaxed_bernoulli", {"temperature": t, "logits": l}, value, log_prob=np.where(
        inside, elementwise(relaxed, x, t, l), -np.inf),
          cdf=np.where(inside, special.expit(t * logit(x) - l), value > 1))


def truncated():
    loc, scale = single([[0.0, 1.0, -2.0], [0.5, 0.0, 3.0]]), single([[1.0, 2.0, 0.5], [1.5, 1.0, 0.7]])
    low, high = single([[-1.0, 0.5, -2.25], [0.0, 9.0, -5.0]]), single([[2.0, 8.0, -1.0], [0.25, 9.5, 2.0]])
    p = {"loc": loc, "scale": scale, "low": low, "high": high}
    phi, cap = mp.npdf, mp.ncdf

    def mass(m, s, a, b):
        a, b = (a - m) / s, (b - m) / s
        return (cap(b) - cap(a) if a + b < 0 else cap(-a) - cap(-b)), a, b

    def mean(m, s, a, b):
        z, a, b = mass(m, s, a, b)
        return m + s * (phi(a) - phi(b)) / z

    def variance(m, s, a, b):
        z, a, b = mass(m, s, a, b)
        return s**2 * (1 + (a * phi(a) - b * phi(b)) / z - ((phi(a) - phi(b)) / z) ** 2)

    def entropy(m, s, a, b):
        z, a, b = mass(m, s, a, b)
        return mp.log(mp.sqrt(2 * mp.pi * mp.e) * s * z) + (a * phi(a) - b * phi(b)) / (2 * z)

    def log_prob(x, m, s, a, b):
        return mp.log(phi((x - m) / s) / s / mass(m, s, a, b)[0]) if a <= x <= b else -mp.inf

    def cdf(x, m, s, a, b):
        x = min(max(x, a), b)
        return mass(m, s, a, x)[0] / mass(m, s, a, b)[0] if x > a else mp.mpf(0)

    share = np.array([0.02, 0.3, 0.5, 0.9]).reshape(-1, 1, 1)
    value = single(np.concatenate([low + share * (high - low), np.full((1,) + loc.shape, -50.0), np.full(
        (1,) + loc.shape, 50.0)]))
    args = list(p.values())
    table("truncated_normal", p, value, log_prob=elementwise(log_prob, value, *args), cdf=elementwise(
        cdf, value, *args), entropy=elementwise(entropy, *args),
          mean=elementwise(mean, *args), variance=elementwise(variance, *args), mode=np.clip(loc, low, high))


def discrete():
    def counts(name, parameters, frozen, value, outside=(-1.0, 0.5), **columns):
        shape = np.broadcast_arrays(*parameters.values())[0].shape
        value = np.stack([np.broadcast_to(float(v), shape) for v in list(value) + list(outside)])
        with np.errstate(all="ignore"):
            table(name, parameters, value, log_prob=np.where((value == np.floor(value)) & (value >= 0), frozen.logpmf(
                value), -np.inf),
                  mean=np.broadcast_to(frozen.mean(), shape), variance=np.broadcast_to(frozen.var(), shape),
                  **{k: v(value) if callable(v) else v for k, v in columns.items()})

    p = single([[0.5, 0.1, 0.9], [0.02, 0.6, 0.3]])
    logits = single(np.log(p) - np.log1p(-p))
    p = special.expit(logits)
    # SciPy counts throws, the library failures: k = throws - 1.
    counts("geometric", {"logits": logits}, stats.geom(p, loc=-1), [0, 1, 4, 30], cdf=stats.geom(p, loc=-1).cdf,
        entropy=-(p * np.log(p) + (1 - p) * np.log1p(-p)) / p, mode=np.zeros(p.shape))
    rate = single([[0.5, 3.25, 10.0], [0.01, 60.5, 1.5]])
    counts("poisson", {"rate": rate}, stats.poisson(rate), [0, 1, 5, 40, 80], cdf=stats.poisson(rate).cdf,
        mode=np.floor(rate))
    n = single([[1, 5, 20], [3, 100, 12]])
    counts("binomial", {"total_count": n, "logits": logits}, stats.binom(n, p), [0, 1, 3, 12], mode=np.floor(
        (n + 1) * p))
    r = single([[1.0, 0.5, 8.0], [30.0, 2.25, 4.0]])
    # SciPy's probability is that of what is waited for: the failures.
    counts("negative_binomial", {"total_count": r, "logits": logits}, stats.nbinom(r, special.expit(-logits)),
        [0, 1, 3, 12, 50],
           mode=np.where(r > 1, np.floor((r - 1) * np.exp(logits)), 0))
    gate = single([[0.0, -2.0, 1.0], [0.5, -0.5, 2.0]])
    g = special.expit(gate)
    value = np.stack([np.full(rate.shape, float(v)) for v in (0, 1, 5, 40, -1, 0.5)])
    with np.errstate(all="ignore"):
        pmf = (1 - g) * stats.poisson(rate).pmf(value) + g * (value == 0)
        log_prob = np.where(value == 0, np.log(pmf), np.log1p(-g) + stats.poisson(rate).logpmf(value))
    table("zero_inflated_poisson", {"rate": rate, "gate": gate}, value, log_prob=log_prob, cdf=(value >= 0) * g + (
        1 - g) * stats.poisson(rate).cdf(value),
          mean=(1 - g) * rate, variance=(1 - g) * (rate + g * rate**2))

    raw = single([[0.0, 1.0, -2.0, 0.5], [3.0, 0.25, 0.0, -1.0], [0.125, 0.25, 0.5, -3.0]])
    q = special.softmax(raw, -1)
    index = np.arange(4)
    mean = (q * index).sum(-1)
    entropy = -(q * np.log(q)).sum(-1)
    value = np.stack([np.full(3, float(v)) for v in (0, 1, 2, 3, 4, 0.5, -1)])
    log_q = np.log(q)
    log_prob = np.stack([log_q[:, int(v)] if v in (0, 1, 2, 3) else np.full(3, -np.inf) for v in (
        0, 1, 2, 3, 4, 0.5, -1)])
    cumulative = np.stack([q[:, : int(np.floor(v)) + 1].sum(-1) if v >= 0 else np.zeros(3) for v in (
        0, 1, 2, 3, 4, 0.5, -1)])
    table("categorical", {"logits": raw}, value, log_prob=log_prob, cdf=np.minimum(cumulative, 1), entropy=entropy,
        mean=mean, variance=(q * index**2).sum(-1) - mean**2, mode=q.argmax(-1))
    hot = np.stack([np.broadcast_to(np.eye(4)[k], (3, 4)) for k in range(4)] + [np.full((3, 4), 0.25), np.broadcast_to(
        [1.0, 1.0, 0.0, 0.0], (3, 4))])
    table("one_hot_categorical", {"logits": raw}, hot, log_prob=np.stack([log_q[:, k] for k in range(4)] + [
        np.full(3, -np.inf)] * 2), entropy=entropy, mean=q, variance=q * (1 - q),
          mode=np.eye(4)[q.argmax(-1)])
    value = np.stack([np.broadcast_to(v, (3, 4)) for v in ([7.0, 0, 0, 0], [1, 2, 3, 1], [0, 6, 1, 0], [1, 1, 1, 1],
        [3.5, 3.5, 0, 0])])
    log_prob = np.array([[stats.multinomial(7, q[i]).logpmf(v[i]) if v[i].sum() == 7 and (v[i] == np.floor(v[i])).all()
        else -np.inf for i in range(3)] for v in value])
    table("multinomial", {"logits": raw}, value, log_prob=log_prob, mean=7 * q, variance=7 * q * (1 - q))


def vectors():
    rng = np.random.default_rng(5)
    loc = single([[0.0, 1.0, -2.0], [3.0, 0.5, -0.25]])
    tril = single(np.stack([[[1.0, 0, 0], [0.5, 2.0, 0], [-0.25, 0.75, 0.3]], [[0.1, 0, 0], [-1.5, 0.7, 0],
        [2.0, 0.125, 4.0]]]))
    covariance = tril @ np.swapaxes(tril, -1, -2)
    value = single(loc + rng.normal(size=(4, 2, 3)) * [[[0.5]], [[1]], [[2]], [[8]]])

    def normal(v, c):
        return np.array([[stats.multivariate_normal(loc[i], c[i]).logpdf(v[k, i]) for i in range(2)] for k in range(
            len(v))])

    def entropy(c):
        return np.array([stats.multivariate_normal(loc[i], c[i]).entropy() for i in range(2)])

    diag = lambda c: np.diagonal(c, axis1=-2, axis2=-1)
    table("multivariate_normal", {"loc": loc, "scale_tril": tril}, value, log_prob=normal(value, covariance),
        entropy=entropy(covariance), mean=loc, variance=diag(covariance), mode=loc)
    factor, diagonal = single(rng.normal(size=(2, 3, 2))), single([[0.5, 1.0, 0.25], [2.0, 0.125, 1.5]])
    low_rank = factor @ np.swapaxes(factor, -1, -2) + np.stack([np.diag(d) for d in diagonal])
    table("low_rank_multivariate_normal", {"loc": loc, "factor": factor, "diagonal": diagonal}, value, log_prob=normal(
        value, low_rank), entropy=entropy(low_rank), mean=loc, variance=diag(low_rank), mode=loc)

    a = single([[1.0, 0.5, 2.5], [30.0, 4.0, 12.0], [0.3, 0.3, 0.3]])
    value = single(np.stack([special.softmax(rng.normal(size=(3, 3)), -1) for _ in range(4)]))

    def dirichlet(x, c):
        return float(mp.loggamma(sum(mp.mpf(float(v)) for v in c)) + sum((mp.mpf(float(q)) - 1) * mp.log(
            mp.mpf(float(v))) - mp.loggamma(mp.mpf(float(q))) for v, q in zip(x, c)))

    total = a.sum(-1, keepdims=True)
    log_b = special.gammaln(a).sum(-1) - special.gammaln(total[:, 0])
    table("dirichlet", {"concentration": a}, value, log_prob=np.array(
        [[dirichlet(v[i], a[i]) for i in range(3)] for v in value]), mean=a / total,
          variance=a / total * (1 - a / total) / (total + 1), entropy=log_b - (
              (a - 1) * (special.digamma(a) - special.digamma(total))).sum(-1))

    t, raw = single([1.0, 0.5, 2.0]), single([[0.0, 1.0, -0.5], [1.5, 0.25, 0.0], [-0.125, 0.25, 0.5]])

    def concrete(x, s, l):
        x, s = [mp.mpf(float(v)) for v in x], mp.mpf(float(s))
        l = [mp.mpf(float(v)) for v in l]
        normalizer = mp.log(sum(mp.exp(v) for v in l))
        l = [v - normalizer for v in l]
        k = len(l)
        return float(mp.loggamma(k) + (k - 1) * mp.log(s) + sum(o - (s + 1) * mp.log(v) for o, v in zip(l, x)) - k
            * mp.log(sum(mp.exp(o - s * mp.log(v)) for o, v in zip(l, x))))

    table("relaxed_one_hot_categorical", {"temperature": t, "logits": raw}, value, log_prob=np.array(
        [[concrete(v[i], t[i], raw[i]) for i in range(3)] for v in value]))


def mixtures():
    logits = single([[0.0, 1.0, -0.5], [0.5, -1.0, 0.25]])
    w = special.softmax(logits, -1)
    loc, scale = single([[-2.0, 0.5, 1.0], [0.0, 3.0, -1.0]]), single([[0.5, 1.0, 0.25], [1.0, 0.7, 2.0]])
    value = single(np.array([-3.0, -1.5, 0.0, 0.75, 2.5]).reshape(-1, 1) * np.ones(2))
    x = value[..., None]
    mean = (w * loc).sum(-1)
    table("normal_mixture", {"logits": logits, "loc": loc, "scale": scale}, value, log_prob=special.logsumexp(
        np.log(w) + stats.norm(loc, scale).logpdf(x), -1),
          cdf=(w * stats.norm(loc, scale).cdf(x)).sum(-1), mean=mean, variance=(w * (scale**2 + loc**2)).sum(
              -1) - mean**2)
    rng = np.random.default_rng(6)
    loc, scale = single(rng.normal(size=(2, 3, 2))), single(0.3 + rng.random(size=(2, 3, 2)))
    value = single(rng.normal(size=(4, 2, 2)))
    mean = (w[..., None] * loc).sum(1)
    table("diagonal_normal_mixture", {"logits": logits, "loc": loc, "scale": scale}, value,
          log_prob=special.logsumexp(np.log(w) + stats.norm(loc, scale).logpdf(value[:, :, None, :]).sum(-1), -1),
          mean=mean, variance=(w[..., None] * (scale**2 + loc**2)).sum(1) - mean**2)
    rate = single([[0.5, 4.0, 20.0], [1.0, 2.0, 9.0]])
    value = np.array([0.0, 1, 5, 20, -1, 0.5]).reshape(-1, 1) * np.ones(2)
    x = value[..., None]
    mean = (w * rate).sum(-1)
    with np.errstate(all="ignore"):
        table("poisson_mixture", {"logits": logits, "rate": rate}, value, log_prob=special.logsumexp(
            np.log(w) + np.where(x == np.floor(x), stats.poisson(rate).logpmf(x), -np.inf), -1),
              cdf=(w * stats.poisson(rate).cdf(x)).sum(-1), mean=mean, variance=(w * (rate + rate**2)).sum(
                  -1) - mean**2)
    loc, scale = single([[0.0, 1.0], [-0.5, 0.25]]), single([[0.5, 1.0], [2.0, 0.7]])
    value = single(np.stack([special.softmax(rng.normal(size=(2, 3)), -1) for _ in range(4)]))
    y = np.log(value[..., :2]) - np.log(value[..., 2:])
    table("logistic_normal", {"loc": loc, "scale": scale}, value, log_prob=stats.norm(loc, scale).logpdf(y).sum(
        -1) - np.log(value).sum(-1))


def circle():
    loc, k = single([[0.0, 1.0, -2.5], [3.0, 0.5, -0.25]]), single([[1.0, 0.1, 4.0], [2.0, 50.0, 0.7]])
    value = single(np.array([-3.0, -1.0, 0.25, 1.5, 3.1, -4.0, 4.0]).reshape(-1, 1, 1) * np.ones(loc.shape))

    def density(x, m, c):
        return mp.exp(c * mp.cos(x - m)) / (2 * mp.pi * mp.besseli(0, c))

    def log_prob(x, m, c):
        return c * mp.cos(x - m) - mp.log(2 * mp.pi * mp.besseli(0, c)) if abs(x) <= mp.pi else -mp.inf

    def cdf(x, m, c):
        end = min(max(x, -mp.pi), mp.pi)
        return mp.quad(lambda t: density(t, m, c), mp.linspace(-mp.pi, end, 9)) if end > -mp.pi else mp.mpf(0)

    entropy = elementwise(lambda m, c: mp.log(2 * mp.pi * mp.besseli(0, c)) - c * mp.besseli(1, c) / mp.besseli(0, c),
        loc, k)
    table("von_mises", {"loc": loc, "concentration": k}, value, log_prob=elementwise(log_prob, value, loc, k),
        cdf=elementwise(cdf, value, loc, k), entropy=entropy, mode=loc)


def sphere():
    """Densities by area; every vector is divided by its length here as there, since rounding leaves it near 1."""
    rng = np.random.default_rng(7)
    for m in (2, 3, 12):
        k = single([0.5, 4.0, 60.0])
        direction = single(rng.normal(size=(3, m)))
        unit = direction / np.linalg.norm(direction, axis=-1, keepdims=True)
        value = single(np.stack([unit + s * rng.normal(size=(3, m)) for s in (0.05, 0.5, 20.0)] + [
            -unit + 0.3 * rng.normal(size=(3, m))]))
        cosine = [[sum(mp.mpf(float(a)) * mp.mpf(float(b)) for a, b in zip(value[i, j], direction[j])) / mp.sqrt(
            sum(mp.mpf(float(a)) ** 2 for a in value[i, j]) * sum(mp.mpf(float(b)) ** 2 for b in direction[j]))
                   for j in range(3)] for i in range(len(value))]
        area = 2 * mp.pi ** (mp.mpf(m) / 2) / mp.gamma(mp.mpf(m) / 2)
        per_member = lambda f: np.array([float(f(mp.mpf(float(c)))) for c in k])
        per_value = lambda f: np.array([[float(f(cosine[i][j], mp.mpf(float(k[j])))) for j in range(3)] for i in range(
            len(value))])

        v = mp.mpf(m) / 2 - 1
        constant = lambda c: v * mp.log(c) - mp.mpf(m) / 2 * mp.log(2 * mp.pi) - mp.log(mp.besseli(v, c))
        ratio = lambda c: mp.besseli(v + 1, c) / mp.besseli(v, c)
        a, slope, across = per_member(ratio)[:, None], per_member(lambda c: 1 - (m - 1) * ratio(c) / c - ratio(c) ** 2)[
            :, None], per_member(lambda c: ratio(c) / c)[:, None]
        table(f"von_mises_fisher_{m}", {"direction": direction, "concentration": k}, value, log_prob=per_value(
            lambda t, c: c * t + constant(c)), entropy=per_member(lambda c: -constant(c) - c * ratio(c)),
              mean=a * unit, variance=unit**2 * slope + (1 - unit**2) * across, mode=unit)

        b = mp.mpf(m - 1) / 2
        constant = lambda c: mp.loggamma(2 * b + c) - mp.loggamma(b + c) - (2 * b + c) * mp.log(2) - b * mp.log(mp.pi)
        a = per_member(lambda c: c / (2 * b + c))[:, None]
        spread = per_member(lambda c: 4 * (b + c) * b / ((2 * b + c) ** 2 * (2 * b + c + 1)))[:, None]
        table(f"power_spherical_{m}", {"direction": direction, "concentration": k}, value, log_prob=per_value(
            lambda t, c: c * mp.log(1 + t) + constant(c)),
              entropy=per_member(lambda c: -constant(c) - c * (mp.log(2) + mp.digamma(b + c) - mp.digamma(2 * b + c))),
              mean=a * unit, variance=unit**2 * spread + (1 - unit**2) * (1 - a**2 - spread) / (m - 1), mode=unit)
        table(f"hyperspherical_uniform_{m}", {"like": k}, value, log_prob=np.full(
            (len(value), 3), -float(mp.log(area))), entropy=np.full(3, float(mp.log(area))), mean=np.zeros((3, m)),
              variance=np.full((3, m), 1 / m), mode=np.eye(m)[[0, 0, 0]])


def matrices():
    rng = np.random.default_rng(8)
    df = single([5.5, 3.25, 20.0])
    tril = single(np.stack([[[1.0, 0, 0], [0.5, 2.0, 0], [-0.25, 0.75, 0.3]], [[0.1, 0, 0], [-1.5, 0.7, 0],
        [2.0, 0.125, 4.0]], [[0.25, 0, 0], [0.125, 0.5, 0], [0, -0.25, 0.125]]]))
    scale = tril @ np.swapaxes(tril, -1, -2)
    value = single(np.stack([np.stack([stats.wishart(df[i], scale[i]).rvs(random_state=rng) for i in range(3)])
        for _ in range(4)]))
    value = (value + np.swapaxes(value, -1, -2)) / 2
    diag = np.diagonal(scale, axis1=-2, axis2=-1)
    table("wishart", {"df": df, "scale_tril": tril}, value, log_prob=np.array(
        [[stats.wishart(df[i], scale[i]).logpdf(v[i]) for i in range(3)] for v in value]),
          entropy=np.array([stats.wishart(df[i], scale[i]).entropy() for i in range(3)]), mean=df[:, None, None]
              * scale,
          variance=df[:, None, None] * (scale**2 + diag[:, :, None] * diag[:, None, :]))

    # LKJ: the constant of Lewandowski, Kurowicka and Joe through the volume of correlations, here by mpmath's
    # quadrature of each row's length.
    n, h = 4, single([0.75, 1.0, 5.0])
    value = np.zeros((4, 3, n, n))
    for v in value.reshape(-1, n, n):
        v[0, 0] = 1
        for i in range(1, n):
            x = rng.normal(size=i + 1)
            v[i, : i + 1] = x / np.linalg.norm(x)
            v[i, i] = abs(v[i, i])
    value = single(value)

    def row(i, c, f):
        """The integral of f(r) over the ball of i dimensions against (1 - r^2)^((n - i + 2 h - 3)/2)."""
        area = 2 * mp.pi ** (mp.mpf(i) / 2) / mp.gamma(mp.mpf(i) / 2)
        power = (n - i + 2 * c - 3) / 2
        # r = sin t
        return area * mp.quad(lambda t: f(mp.sin(t)) * mp.sin(t) ** (i - 1) * mp.cos(t) ** (2 * power + 1),
            [0, mp.pi / 4, mp.pi / 2])

    log_prob, entropy, mean, variance = np.zeros((4, 3)), np.zeros(3), np.zeros((3, n, n)), np.zeros((3, n, n))
    mean[:, 0, 0] = 1
    for j, c in enumerate(mp.mpf(float(x)) for x in h):
        whole = {i: row(i, c, lambda r: 1) for i in range(1, n)}
        constant = sum(mp.log(w) for w in whole.values())
        for k in range(4):
            log_prob[k, j] = float(sum((n - i + 2 * c - 3) * mp.log(mp.mpf(float(value[k, j, i, i]))) for i in range(
                1, n)) - constant)
        entropy[j] = float(constant - sum((n - i + 2 * c - 3) * row(i, c, lambda r: mp.log(1 - r * r) / 2 if r < 1
            else mp.mpf(0)) / whole[i] for i in range(1, n)))
        for i in range(1, n):
            mean[j, i, i] = float(row(i, c, lambda r: mp.sqrt(1 - r * r)) / whole[i])
            variance[j, i, i] = float(row(i, c, lambda r: 1 - r * r) / whole[i]) - mean[j, i, i] ** 2
            variance[j, i, :i] = float(row(i, c, lambda r: r * r) / whole[i] / i)
    table("lkj_cholesky", {"concentration": h}, value, log_prob=log_prob, entropy=entropy, mean=mean, variance=variance)

    for m in (2, 3):
        loc = single(rng.normal(size=(4, m)) * np.array([[0.2], [1.5], [6.0], [25.0]]))
        value = single(np.stack([loc + rng.normal(size=loc.shape) for _ in range(3)] + [-loc + 0.25 * rng.normal(
            size=loc.shape)]))

        def projected(v, a):
            a = [mp.mpf(float(x)) for x in a]
            length = mp.sqrt(sum(mp.mpf(float(x)) ** 2 for x in v))
            t = sum(mp.mpf(float(x)) / length * y for x, y in zip(v, a))
            rest = sum(y * y for y in a) - t * t
            peak = max(t, mp.mpf(0))
            ends = [mp.mpf(0)] + [x for x in (peak - 6, peak - 2, peak, peak + 2, peak + 6) if x > 0] + [peak + 30]
            slope = max(-t, mp.mpf(1))
            ends = sorted(set(ends + [k / slope for k in (1, 4, 16, 64)]))
            base = -(peak - t) ** 2 / 2
            return float(mp.log(mp.quad(lambda r: r ** (m - 1) * mp.exp(-(r - t) ** 2 / 2 - base), ends)) + base - rest
                / 2 - mp.mpf(m) / 2 * mp.log(2 * mp.pi))

        unit = loc / np.linalg.norm(loc, axis=-1, keepdims=True)
        table(f"projected_normal_{m}", {"loc": loc}, value, log_prob=np.array(
            [[projected(v[i], loc[i]) for i in range(4)] for v in value]), mode=unit)


def made_from_others():
    n, a, b = single([[1, 5, 20], [3, 100, 12]]), single([[1.0, 0.5, 2.5], [30.0, 4.0, 0.25]]), single(
        [[1.0, 0.5, 1.5], [12.0, 0.75, 3.0]])
    value = np.stack([np.full(n.shape, float(v)) for v in (0, 1, 3, 12, -1, 0.5)])
    with np.errstate(all="ignore"):
        table("beta_binomial", {"total_count": n, "a": a, "b": b}, value, log_prob=np.where(
            (value == np.floor(value)) & (value >= 0), stats.betabinom(n, a, b).logpmf(value), -np.inf),
              mean=stats.betabinom(n, a, b).mean(), variance=stats.betabinom(n, a, b).var())
    rate, gate = single([[0.5, 3.25, 10.0], [0.01, 60.5, 1.5]]), single([[0.0, -2.0, 1.0], [0.5, -0.5, 2.0]])
    g, zero = special.expit(gate), np.exp(-rate)
    share = (1 - g) / -np.expm1(-rate)
    value = np.stack([np.full(rate.shape, float(v)) for v in (0, 1, 5, 40, -1, 0.5)])
    with np.errstate(all="ignore"):
        log_prob = np.where(value == 0, np.log(g), np.log(share) + np.where((value == np.floor(value)) & (value > 0),
            stats.poisson(rate).logpmf(value), -np.inf))
    table("hurdle_poisson", {"rate": rate, "gate": gate}, value, log_prob=log_prob, cdf=(value >= 0) * (
        g + share * (stats.poisson(rate).cdf(value) - zero)), mean=share * rate,
          variance=share * (rate + rate**2) - (share * rate) ** 2)
    loc, scale, low, high = single([0.0, 1.0, -0.5]), single([1.0, 2.0, 0.5]), single([-1.0, 0.5, -1.0]), single(
        [0.75, 4.0, 0.5])
    value = np.stack([low, high, single(0.75 * low + 0.25 * high), single(0.25 * low + 0.75 * high), low - 1, high + 1])
    frozen = stats.norm(loc, scale)
    table("censored_normal", {"loc": loc, "scale": scale, "low": low, "high": high}, value,
          log_prob=np.where(value == low, frozen.logcdf(low), np.where(value == high, frozen.logsf(high), np.where(
              (value > low) & (value < high), frozen.logpdf(value), -np.inf))))
    values = np.array([[0.0, 4], [3, 4], [3, 4], [7, 1], [2, 0], [0, 9]])
    logits = single([[0.0, 0.5], [1.0, -1.0], [-0.5, 0.25], [0.25, 2.0], [0.125, 0.0], [-2.0, 1.0]])
    w = special.softmax(logits, 0)
    value = np.stack([np.full(2, float(v)) for v in (0, 3, 4, 9, 5, 0.5)])
    mass = np.array([[w[values[:, j] == v[j], j].sum() for j in range(2)] for v in value])
    own = np.array([[w[values[:, j] == values[i, j], j].sum() for j in range(2)] for i in range(6)])
    mean = (w * values).sum(0)
    with np.errstate(all="ignore"):
        table("empirical", {"values": values, "logits": logits}, value, log_prob=np.log(mass), mean=mean, variance=(
            w * (values - mean) ** 2).sum(0), entropy=-(w * np.log(own)).sum(0))


if __name__ == "__main__":
    location_scale()
    positive()
    unit_interval()
    truncated()
    discrete()
    vectors()
    mixtures()
    circle()
    sphere()
    matrices()
    made_from_others()
