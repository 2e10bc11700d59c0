#!/usr/bin/env python3
"""Makes operations.json: powers, extrema, choices along an axis, running sums and variances with their gradients, in
double, by PyTorch.

    python3 tests/data/make_operations.py        (needs torch; the table is committed)

Each case: {"name", "operation", "settings", "inputs": [tensor, ...], "output": tensor, "upstream": tensor,
"gradients": [tensor, ...]}, the gradients those of the inner product of the output with upstream by each input. Inputs
are rounded to binary32 first, so that Float32 and Float64 tests see the same numbers. Infinity and NaN are strings.
"""
import json
import math
import os

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
HERE = os.path.dirname(os.path.abspath(__file__))


def single(*shape, scale=1.0, offset=0.0):
    return (torch.randn(shape) * scale + offset).float().double().requires_grad_()


def of(values):
    return torch.tensor(values, dtype=torch.float64).float().double().requires_grad_()


def number(v):
    return v if math.isfinite(v) else "NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity"


def tensor(x):
    return {"shape": list(x.shape), "values": [number(float(v)) for v in x.detach().reshape(-1)]}


def case(cases, operation, what, function, inputs, **settings):
    output = function(*inputs)
    upstream = single(*output.shape, offset=2).detach()
    gradients = torch.autograd.grad((output * upstream).sum(), inputs)
    cases.append({
        "name": f"{operation} {what}", "operation": operation, "settings": settings,
        "inputs": [tensor(i) for i in inputs], "output": tensor(output), "upstream": tensor(upstream),
        "gradients": [tensor(g) for g in gradients]})


def powers(cases):
    edges = [0.0, 1.0, -1.0, 2.5, -2.5, 0.25, -0.25, math.inf, -math.inf, math.nan, 1e-3, 30.0]
    for exponent in (0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, 1.5, -0.5, 7.0, -5.0, 0.25, 65.0, -66.0):
        # PyTorch takes a square root for 1/2 (for the gradient of 3/2 too), which at -infinity is NaN where the
        # power is not.
        bases = [b for b in edges if not (b == -math.inf and abs(exponent) % 1 == 0.5)]
        bases = [b for b in bases if abs(exponent) < 60 or not abs(b) in (1e-3, 30.0)]
        case(cases, "Pow", f"edges to {exponent}", lambda x: x.pow(exponent), [of(bases)], exponent=exponent)
    for exponent in (2.75, -3.5, 12.0):
        base = of((torch.rand(3, 7) * 4 + 0.1).tolist())
        case(cases, "Pow", f"positive to {exponent}", lambda x: x.pow(exponent), [base], exponent=exponent)
    pairs = [(a, b) for a in edges for b in (0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, -1.5, math.inf, -math.inf)]
    # As above: a power of -infinity with a fraction is left out.
    pairs = [(a, b) for a, b in pairs if not (a == -math.inf and b in (0.5, -1.5))]
    case(cases, "PowTensor", "edges", torch.pow, [of([a for a, _ in pairs]), of([b for _, b in pairs])])
    for first, second in (((5,), (5,)), ((3, 1), (4,)), ((), (3,)), ((2, 3), ())):
        base = of((torch.rand(first) * 3 + 0.2).tolist())
        case(cases, "PowTensor", f"{list(first)} {list(second)}", torch.pow, [base, of(torch.randn(second).tolist())])


def extrema(cases):
    for shape, axis in (((5,), 0), ((3, 7), 0), ((3, 7), 1), ((2, 3, 4), 1), ((2, 1, 3), 1), ((3, 33), 1)):
        for keep in (False, True):
            for name, function in (("Max", torch.amax), ("Min", torch.amin)):
                what = f"{list(shape)} {axis}{' kept' if keep else ''}"
                case(cases, name, what, lambda x: function(x, axis, keep), [single(*shape)], axis=axis, keep=keep)
    ties = torch.randint(0, 3, (4, 9)).double()
    for name, function in (("Max", torch.amax), ("Min", torch.amin)):
        for axis in (0, 1):
            case(cases, name, f"ties {axis}", lambda x: function(x, axis), [of(ties.tolist())], axis=axis, keep=False)
        infinite = of([[math.inf, 1, math.inf], [-math.inf, -math.inf, 2], [-math.inf, -math.inf, -math.inf]])
        case(cases, name, "infinities", lambda x: function(x, 1), [infinite], axis=1, keep=False)
        nan = of([[math.nan, 1, 2], [3, 3, 1]])
        case(cases, name, "NaN", lambda x: function(x, 1), [nan], axis=1, keep=False)
        case(cases, name + "All", "elements", function, [single(3, 4)])


def choices(cases):
    for shape, axis in (((), 0), ((3,), 0), ((3,), 1), ((2, 3), 0), ((2, 3), 1), ((2, 3), 2), ((2, 0), 1)):
        parts = [single(*shape) for _ in range(3)]
        case(cases, "Stack", f"{list(shape)} {axis}", lambda *x: torch.stack(x, axis), parts, axis=axis)
    for text, function in (
            ("2..5", lambda x: x[2:5]), ("..,1..", lambda x: x[:, 1:]), ("..^1,^3..^1", lambda x: x[:-1, -3:-1]),
            ("1", lambda x: x[1]), ("^1,..,2", lambda x: x[-1, :, 2]), ("..,^1", lambda x: x[:, -1]),
            ("3..3", lambda x: x[3:3]), ("..", lambda x: x[:]), ("0,1,2", lambda x: x[0, 1, 2])):
        case(cases, "Part", text, function, [single(6, 5, 4)], part=text)
    for shape, axis in (((5,), 0), ((3, 7), 0), ((3, 7), 1), ((2, 3, 4), 1), ((0, 3), 0), ((2, 4, 67), 1)):
        case(cases, "CumSum", f"{list(shape)} {axis}", lambda x: x.cumsum(axis), [single(*shape)], axis=axis)
    for shape, axis, count in (((5,), 0, 8), ((3, 7), 0, 2), ((3, 7), 1, 9), ((2, 3, 4), 1, 5), ((2, 3, 4), 2, 0)):
        extents = list(shape)
        extents[axis] = count
        index = torch.randint(0, shape[axis], extents)
        case(cases, "Gather", f"{list(shape)} {axis}", lambda x: x.gather(axis, index), [single(*shape)], axis=axis,
             indices=tensor(index))
        row = torch.randint(0, shape[axis], (count,))
        case(cases, "IndexSelect", f"{list(shape)} {axis}", lambda x: x.index_select(axis, row), [single(*shape)],
             axis=axis, indices=tensor(row))


def others(cases):
    for shape, axis in (((5,), 0), ((3, 7), 0), ((3, 7), 1), ((2, 3, 4), 1), ((3, 37), 1)):
        for keep, unbiased in ((False, True), (True, True), (False, False), (True, False)):
            what = f"{list(shape)} {axis}{' unbiased' if unbiased else ''}{' kept' if keep else ''}"
            case(cases, "Variance", what, lambda x: x.var(axis, unbiased=unbiased, keepdim=keep),
                 [single(*shape, scale=2, offset=3)], axis=axis, keep=keep, unbiased=unbiased)
    case(cases, "Variance", "of one", lambda x: x.var(1, unbiased=False), [single(3, 1)], axis=1, keep=False,
         unbiased=False)
    tails = [0.0, 1.0, -1.0, 20.0, -20.0, 50.0, -50.0, 800.0, -800.0, math.inf, -math.inf, math.nan, 1e-3]
    case(cases, "LogSigmoid", "tails", F.logsigmoid, [of(tails)])
    case(cases, "LogSigmoid", "[3, 7]", F.logsigmoid, [single(3, 7, scale=3)])


if __name__ == "__main__":
    torch.manual_seed(7)
    cases = []
    powers(cases)
    extrema(cases)
    choices(cases)
    others(cases)
    with open(os.path.join(HERE, "operations.json"), "w", newline="\n") as f:
        json.dump({"cases": cases}, f, indent=None, separators=(",", ":"), allow_nan=False)
        f.write("\n")
