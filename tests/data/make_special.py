#!/usr/bin/env python3
"""Makes special_*.json, reference values of special functions, with mpmath in 50 digits or more.

    /usr/bin/python3 tests/data/make_special.py [gamma | ...]        (needs mpmath; the tables are committed)

A table holds, for each function, columns: its arguments, then its value. Arguments are doubles, written in full; values
are rounded once. Rows whose value is not a normal double are left out. Derivatives by a shape are central differences
in 120 digits, checked against half the step.
"""
import json
import math
import os
import sys

from mpmath import mp, mpf
import mpmath

HERE = os.path.dirname(os.path.abspath(__file__))
mp.dps = 50


def number(v):
    return float(mpmath.nstr(v, 25)) if not isinstance(v, float) else v


def column(function, rows):
    kept = []
    for row in rows:
        row = [float(x) for x in row]
        value = function(*[mpf(x) for x in row])
        if value is None:
            continue
        value = number(value)
        if value != 0 and (abs(value) < 1e-307 or abs(value) > 1e307):
            continue
        kept.append(row + [value])
    return [list(c) for c in zip(*kept)]


def derivative(function, at):
    """d/dat in 50 digits: the error of a central difference is of the order of the square of its step."""
    with mp.workdps(120):
        steps = [at * mpf(10) ** -28, at * mpf(10) ** -28 / 2]
        slopes = [(function(at + h) - function(at - h)) / (2 * h) for h in steps]
        assert abs(slopes[0] - slopes[1]) <= abs(slopes[0]) * mpf(10) ** -30, (at, slopes)
        return slopes[1]


def write(name, content):
    with open(os.path.join(HERE, name), "w", newline="\n") as f:
        json.dump(content, f, indent=None, separators=(",", ":"))
        f.write("\n")


SHAPES = [1e-8, 1e-3, 0.03, 0.3, 0.9, 1.0, 1.3, 2.0, 3.7, 9.99, 10.0, 35.0, 200.0, 5e3, 1e6, 1e8]


# The incomplete gamma functions of mpmath are slow and lose digits where the shape is large; these are the series of
# positive terms for the lower tail, Lentz's fraction for the upper, each where it converges.
def log_kernel(a, x):
    return a * mpmath.log(x) - x - mpmath.loggamma(a)


def lower_tail(a, x):
    term, total, n = mpf(1), mpf(1), 1
    while term > total * mpf(10) ** -(mp.dps + 2):
        term *= x / (a + n)
        total += term
        n += 1
    return mpmath.exp(log_kernel(a, x)) * total / a


def upper_tail(a, x):
    if x < a + 1 or x < 3:
        with mp.workdps(mp.dps + 30):
            return 1 - lower_tail(a, x)
    tiny = mpf(10) ** -300
    b = x + 1 - a
    c, d = 1 / tiny, 1 / b
    h = d
    for i in range(1, 1000000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < mpf(10) ** -(mp.dps + 2):
            break
    return mpmath.exp(log_kernel(a, x)) * h


def gamma_points(shapes):
    """x at normal scores -8 to 8 about the median, and where small shapes put their mass."""
    points = []
    for a in shapes:
        for z in (-8, -5, -2, -0.6, -0.05, 0, 0.1, 0.8, 2, 5, 9):
            cube = 1 - 1 / (9 * a) + z / (3 * a**0.5)
            if cube > 0:
                points.append((a, a * cube**3))
        if a < 20:
            points += [(a, x) for x in (1e-300, 1e-100, 1e-20, 1e-6, 0.01, 0.3, 0.5, 0.5000001, 0.7, 1.0, 1.7, 4.0,
                12.0, 80.0)]
        points += [(a, a / 30), (a, a * 3)]
    return points


def gamma_tables():
    line = [1e-300, 1e-8, 0.1, 0.49, 0.51, 0.9, 0.99999, 1.0, 1.0001, 1.46, 1.49, 1.51, 1.9, 1.9999999, 2.0, 2.1, 2.49,
        2.51, 3.3, 5.0, 7.7, 9.999, 10.0, 11.0, 33.0, 1e3, 1e5, 1e8, 1e15, 1e100, 1e300]
    negative = [-1e-9, -0.3, -0.5, -1.5, -2.000001, -7.7, -33.3]
    pairs = [(a, b) for a in [1e-8, 0.01, 0.7, 1.0, 2.5, 9.0, 10.0, 77.0, 1e4, 1e8] for b in [1e-8, 0.3, 1.0, 5.0, 12.0,
        1e3, 1e8]]
    with mp.workdps(400):
        content = {
            "LogGamma": column(lambda x: mpmath.log(abs(mpmath.gamma(x))) if abs(x) < 1e3 else mpmath.loggamma(x),
                [(x,) for x in line + negative]),
            "Digamma": column(lambda x: mpmath.digamma(x), [(x,) for x in line[1:-2] + negative]),
            "Trigamma": column(lambda x: mpmath.psi(1, x), [(x,) for x in line[1:-2] + negative]),
            "LogPochhammer": column(lambda x, d: mpmath.loggamma(x + d) - mpmath.loggamma(x), pairs),
            "LogBeta": column(lambda a, b: mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b), pairs),
        }
    x = [-1e8, -1e4, -200.0, -40.0, -37.0, -20.0, -10.1, -10.0, -9.9, -5.0, -2.0, -1.0, -0.3, -1e-9, 0.0, 0.2, 1.0, 3.0,
        6.0, 9.0, 20.0, 37.0]
    phi = lambda v: mpmath.exp(-v * v / 2) / mpmath.sqrt(2 * mpmath.pi)
    Phi = lambda v: mpmath.erfc(-v / mpmath.sqrt(2)) / 2
    with mp.workdps(80):
        tail = lambda v: sum((-1) ** k * mpmath.fac2(2 * k - 1) / v ** (2 * k) for k in range(4))
        mills = lambda v: phi(v) / Phi(v) if v > -1e3 else -v / tail(v)
        log_cdf = lambda v: mpmath.log1p(-Phi(-v)) if v > 0 else mpmath.log(
            Phi(v)) if v > -1e3 else -v * v / 2 - mpmath.log(2 * mpmath.pi) / 2 - mpmath.log(mills(v))
        content["NormalCdf"] = column(Phi, [(v,) for v in x])
        content["LogNormalCdf"] = column(log_cdf, [(v,) for v in x])
        content["InverseMillsRatio"] = column(mills, [(v,) for v in x])

        def quantile_of_log(p):
            # Newton on a concave function from the left of its root.
            v = -mpmath.sqrt(-2 * p) - 1
            for _ in range(60):
                v -= (log_cdf(v) - p) / mills(v)
            return v

        content["NormalQuantileOfLog"] = column(
            quantile_of_log,
            [(p,) for p in (-1e10, -1e6, -2000.0, -700.0, -51.0, -49.0, -10.0, -2.0, -0.7, -0.69, -0.51, -0.49, -0.1,
                -1e-3, -1e-8)])
    write("special_gamma.json", content)


def gamma_step_tables():
    shapes = [1e-6, 0.03, 0.7, 1.0, 1.46, 3.3, 9.5, 10.0, 41.0, 1e4, 1e8, 1e15]
    steps = [(x, d) for x in shapes for d in (1e-14, 1e-9, 3e-5, 2e-4, 0.01, 0.3, 1.0, 7.0, 1e3, 1e9)]
    near = [(x, x * (1 + e)) for x in shapes for e in (1e-12, -1e-9, 1e-5, -3e-4, 2e-3, -0.2, 0.7, 3.0, -0.999)] + [
        (1e15, 1e-3), (1e-3, 1e15)]
    loggamma, psi = mpmath.loggamma, lambda x: mpmath.psi(0, x)
    with mp.workdps(120):
        content = {
            "LogPochhammer": column(lambda x, d: loggamma(x + d) - loggamma(x), [s for s in steps if s[1] <= 1]),
            "DigammaDifference": column(lambda x, d: psi(x + d) - psi(x), steps),
            "LogGammaDivergence": column(lambda x, y: loggamma(y) - loggamma(x) - (y - x) * psi(x), near),
            "GammaEntropy": column(lambda a: a + loggamma(a) + (1 - a) * psi(a), [(x,) for x in shapes + [1e20]]),
            "GammaEntropySlope": column(lambda a: 1 + (1 - a) * mpmath.psi(1, a), [(x,) for x in shapes + [1e20]]),
            "LogGammaDensity": column(
                lambda a, x: (a - 1) * mpmath.log(x) - x - loggamma(a), [(a, a * f) for a in shapes for f in (
                    1e-9, 0.4, 0.999, 1.0, 1.6, 40.0)]),
            "LogBetaDensity": column(
                lambda a, b, x: (a - 1) * mpmath.log(x) + (b - 1) * mpmath.log1p(-x) - (
                    loggamma(a) + loggamma(b) - loggamma(a + b)),
                [(a, b, x) for a in shapes[1:] for b in (0.3, 1.0, 12.0, 1e6, 1e15) for x in (1e-9, 0.3, 0.5, 0.999,
                    a / (a + b)) if 0 < x < 1]),
        }
    write("special_gamma_steps.json", content)


def incomplete_gamma_tables():
    points = gamma_points(SHAPES)

    def log_lower(a, x):
        return mpmath.log(lower_tail(a, x)) if x < a + 1 else mpmath.log1p(-upper_tail(a, x))

    def log_upper(a, x):
        return mpmath.log1p(-lower_tail(a, x)) if x < a + 1 else mpmath.log(upper_tail(a, x))

    def by_shape(a, x):
        # The smaller tail, so that the difference keeps its digits.
        if x < a + 1:
            return derivative(lambda s: lower_tail(s, x), a)
        return -derivative(lambda s: upper_tail(s, x), a)

    content = {
        "LogRegularizedGammaP": column(log_lower, points),
        "LogRegularizedGammaQ": column(log_upper, points),
        "GammaPathwise": column(lambda a, x: -by_shape(a, x) / mpmath.exp(log_kernel(a, x)) * x, points),
    }

    def quantile(a, p):
        # Newton from a start by normal scores, in log x; the table's own tails.
        y = mpmath.log(p * mpmath.gamma(a + 1)) / a if a < 50 else mpf(0)
        z = mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1)
        cube = 1 - 1 / (9 * a) + z / (3 * mpmath.sqrt(a))
        if cube > 0:
            y = max(y, mpmath.log(a) + 3 * mpmath.log(cube)) if a < 50 else mpmath.log(a) + 3 * mpmath.log(cube)
        if y < -690:
            return None
        for _ in range(200):
            x = mpmath.exp(y)
            step = (mpmath.log(p) - log_lower(a, x)) * mpmath.exp(log_lower(a, x) - log_kernel(a, x)) if p <= 0.5 else \
                -(mpmath.log1p(-p) - log_upper(a, x)) * mpmath.exp(log_upper(a, x) - log_kernel(a, x))
            y += min(step, 1)
            if abs(step) < mpf(10) ** -30:
                return mpmath.exp(y)
        raise AssertionError((a, p))

    content["GammaQuantile"] = column(quantile, [(a, p) for a in SHAPES[1:-2] for p in (1e-200, 1e-10, 0.01, 0.3, 0.5,
        0.75, 0.999, 1 - 1e-10)])
    write("special_incomplete_gamma.json", content)


BETA_SHAPES = [1e-3, 0.04, 0.45, 1.0, 1.7, 6.5, 10.0, 55.0, 1e3, 1e6]


def beta_kernel(a, b, x, y):
    """x^a y^b / B(a, b), the density of the logit."""
    return mpmath.exp(a * mpmath.log(x) + b * mpmath.log(y) + mpmath.loggamma(a + b) - mpmath.loggamma(
        a) - mpmath.loggamma(b))


def beta_tails(a, b, x, guard=10):
    """Both tails of a beta variable by the series of positive terms (DLMF 8.17.8) in the smaller of x and 1 - x, and
    its complement, in as many digits as that takes."""
    with mp.workdps(mp.dps + guard):
        y = 1 - x
        swapped = x > 0.5
        p, q, t = (b, a, y) if swapped else (a, b, x)
        term, total, n, enough = mpf(1), mpf(1), 0, mpf(10) ** -mp.dps
        while term > total * enough:
            term *= t * (p + q + n) / (p + 1 + n)
            total += term
            n += 1
        tail = beta_kernel(p, q, t, 1 - t) * total / p
    with mp.workdps(mp.dps + guard):
        rest = 1 - tail
    if guard < 310 and rest < mpf(10) ** (5 - guard):
        return beta_tails(a, b, x, 310)
    return (rest, tail) if swapped else (tail, rest)


def beta_points():
    """x at normal scores of the logit, and where small shapes put their mass; two pairs of shapes of three."""
    points = []
    for i, a in enumerate(BETA_SHAPES):
        for j, b in enumerate(BETA_SHAPES):
            if (i + j) % 3 == 1:
                continue
            mean, spread = mpmath.digamma(a) - mpmath.digamma(b), mpmath.sqrt(mpmath.psi(1, a) + mpmath.psi(1, b))
            scores = (-9, -3, -0.7, 0.1, 1.2, 6) if min(a, b) < 1e3 else (-6, 0.1, 2)
            xs = [float(1 / (1 + mpmath.exp(-mean - z * spread))) for z in scores]
            if min(a, b) < 8:
                xs += [1e-200, 1e-12, 0.003, 0.3, 0.5, 0.75, 0.999, 1 - 1e-12]
            points += [(a, b, x) for x in xs if 1e-305 < x < 1]
    kept = []
    for a, b, x in points:
        # Both tails above 1e-290, as a beginning.
        if abs(a * math.log(x)) + abs(b * math.log1p(-x)) < 700 or a > 9 < b:
            if min(beta_tails(mpf(a), mpf(b), mpf(x))) > mpf(10) ** -290:
                kept.append((a, b, x))
    return kept


def beta_tables():
    points = beta_points()

    def log_of(p, q):
        return mpmath.log(p) if p < q else mpmath.log1p(-q)

    def pathwise(a, b, x, tails_of, at):
        # The smaller tail, so that the difference keeps its digits.
        lower, upper = beta_tails(a, b, x)
        slope = derivative(lambda s: tails_of(s)[0], at) if lower < upper else -derivative(lambda s: tails_of(s)[1], at)
        return -slope / beta_kernel(a, b, x, 1 - x) * x * (1 - x)

    content = {
        "LogRegularizedBeta": column(lambda a, b, x: log_of(*beta_tails(a, b, x)), points),
        "LogRegularizedBetaComplement": column(lambda a, b, x: log_of(*reversed(beta_tails(a, b, x))), points),
        "BetaPathwiseA": column(lambda a, b, x: pathwise(a, b, x, lambda s: beta_tails(s, b, x), a), points),
        "BetaPathwiseB": column(lambda a, b, x: pathwise(a, b, x, lambda s: beta_tails(a, s, x), b), points),
    }
    write("special_beta.json", content)


def bessel_tables():
    """I itself by mpmath; its logarithmic derivatives from the neighbouring orders."""
    points = [(v, x) for v in (0.0, 0.1, 0.5, 1.0, 2.5, 7.0, 31.5, 39.9, 40.0, 63.0, 250.0, 1000.0)
              for x in (1e-200, 1e-5, 0.3, 1.0, 5.0, 19.99, 20.01, 45.0, 59.9, 60.1, 95.0, 380.0, 1.4e3, 1e4, 1e6)]
    i = lambda v, x: mpmath.besseli(v, x, maxterms=10**7)
    with mp.workdps(60):
        ratio = lambda v, x: i(v + 1, x) / i(v, x)
        content = {
            "LogBesselI": column(lambda v, x: mpmath.log(i(v, x)), points),
            "LogBesselIReduced": column(lambda v, x: mpmath.log(i(v, x)) + mpmath.loggamma(v + 1) + v * mpmath.log(
                2 / x), points),
            "BesselIRatio": column(ratio, points),
            "BesselIRatioSlope": column(lambda v, x: 1 - (2 * v + 1) / x * ratio(v, x) - ratio(v, x) ** 2 if x > 1e-100
                else 1 / (2 * v + 2), points),
        }
    write("special_bessel.json", content)


def von_mises_tables():
    """Quadrature over panels a few widths of the integrand wide."""
    def arc(f, k, x):
        width = min(4 / mpmath.sqrt(1 + k), 6 / (1 + k * mpmath.sin(x)))
        ends = [x + j * width for j in range(int((mp.pi - x) / width) + 1)][:15] + ([mp.pi] if (mp.pi - x) / width < 15
            else [])
        # mpmath's quadrature stops by its absolute error.
        return mpmath.exp(k * (mpmath.cos(x) - 1)) * mpmath.quad(lambda t: f(t) * mpmath.exp(
            k * (mpmath.cos(t) - mpmath.cos(x))), ends)

    def upper(k, x):
        return arc(lambda t: 1, k, x) / (2 * arc(lambda t: 1, k, mpf(0)))

    def by_concentration(k, x):
        mean = arc(mpmath.cos, k, mpf(0)) / arc(lambda t: 1, k, mpf(0))
        return -arc(lambda t: mpmath.cos(t) - mean, k, x) / arc(lambda t: 1, k, mpf(0)) / 2

    points = []
    for k in (0.0, 1e-3, 0.3, 1.0, 4.0, 19.0, 20.0, 150.0, 1e4, 1e6):
        spread = min(1, 1 / math.sqrt(k + 1e-9))
        points += [(k, x) for x in (1e-6 * spread, 0.2 * spread, 0.9 * spread, spread, 1.3 * spread, 2.5 * spread,
            9 * spread, 20 * spread, 1.6, 3.0, 3.14159) if x < 3.1416 and k * (1 - math.cos(x)) < 650]
    with mp.workdps(40):
        content = {
            "VonMisesCdf": column(lambda k, x: upper(k, -x), [(k, -x) for k, x in points]),
            "VonMisesPathwise": column(lambda k, x: by_concentration(k, -x) / mpmath.exp(k * (mpmath.cos(x) - 1)) * 2
                * arc(lambda t: 1, k, mpf(0)), [(k, -x) for k, x in points]),
        }
    write("special_von_mises.json", content)


def von_mises_fisher_tables():
    """Quadrature of e^(k cos t) sin^(d - 2) t over panels half as wide as its mode, cut where what is left is below
    1e-45 of it."""
    def mode_of(d, k):
        n = mpf(d) - 2
        root = n + mpmath.sqrt(n * n + 4 * k * k)
        sine, cosine = (mpmath.sqrt(2 * n / root), 2 * k / root) if root > 0 else (mpf(0), mpf(1))
        mode = mpmath.atan2(sine, cosine)
        curvature = k * cosine + (n / sine**2 if n > 0 else 0)
        return mode, min(mpf(1) / 2, 1 / mpmath.sqrt(curvature) if curvature > 0 else 1)

    def integral(f, d, k, low, high):
        mode, width = mode_of(d, k)
        density = lambda t: mpmath.exp(k * (mpmath.cos(t) - mpmath.cos(mode))) * (mpmath.sin(t) / mpmath.sin(mode)
            if mode > 0 else mpf(1)) ** (int(d) - 2)
        total, start = mpf(0), min(max(mode, low), high)
        for sign, end in ((1, high), (-1, low)):
            at, step, peak = start, width / 2, density(start)
            while (end - at) * sign > 0:
                slope = abs((d - 2) * mpmath.cot(at) - k * mpmath.sin(at)) if 0 < at < mp.pi else mpf(0)
                to = at + sign * min(step, 4 / slope if slope > 0 else step)
                to = end if (end - to) * sign <= 0 else to
                # Relative to the largest value: mpmath's quadrature stops by its absolute error.
                total += peak * mpmath.quad(lambda t: f(t) * density(t) / peak, sorted([at, to]), maxdegree=7)
                at = to
                if density(at) < peak * mpf(10) ** -45:
                    break
        return total

    def whole(f, d, k):
        return integral(f, d, k, mpf(0), mp.pi)

    def pathwise(d, k, x):
        mean = whole(mpmath.cos, d, k) / whole(lambda t: mpf(1), d, k)
        mode, _ = mode_of(d, k)
        density = mpmath.exp(k * (mpmath.cos(x) - mpmath.cos(mode))) * (mpmath.sin(x) / mpmath.sin(mode) if mode > 0
            else mpf(1)) ** (int(d) - 2)
        moment = -integral(lambda t: mpmath.cos(t) - mean, d, k, mpf(0), x) if mpmath.cos(x) > mean else integral(
            lambda t: mpmath.cos(t) - mean, d, k, x, mp.pi)
        return moment / density

    points = []
    for d in (2.0, 3.0, 4.0, 10.0, 100.0, 1000.0):
        for k in (0.0, 1e-3, 1.0, 20.0, 1e3, 1e6):
            mode, width = (float(v) for v in mode_of(mpf(d), mpf(k)))
            points += [(d, k, mode + z * width) for z in (-6, -2, -0.7, 0.1, 0.7, 2, 6) if 0 < mode + z * width < 3.14]
    with mp.workdps(40):
        content = {
            "VonMisesFisherCdf": column(lambda d, k, x: integral(lambda t: mpf(1), d, k, mpf(0), x) / whole(
                lambda t: mpf(1), d, k), points),
            "VonMisesFisherPathwise": column(pathwise, points),
        }
    write("special_von_mises_fisher.json", content)


MAKERS = {"gamma": gamma_tables, "gamma_steps": gamma_step_tables, "incomplete_gamma": incomplete_gamma_tables,
    "beta": beta_tables, "bessel": bessel_tables, "von_mises": von_mises_tables,
    "von_mises_fisher": von_mises_fisher_tables}

if __name__ == "__main__":
    for maker in sys.argv[1:] or MAKERS:
        MAKERS[maker]()
