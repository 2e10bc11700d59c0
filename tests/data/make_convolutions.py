#!/usr/bin/env python3
"""Makes the reference table of convolutions, in double, by PyTorch: results and the gradients of sum(y * g) by input,
weight and bias.

    python3 tests/data/make_convolutions.py        (needs torch; the table is committed)

Every input is rounded to binary32 first, so that Float32 and Float64 tests see the very same numbers. Inputs have few
digits: the table stays small.
"""
import json
import os

import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))

# x shape, weight's own two channel extents, kernel, stride, padding, dilation, groups, with bias
FORWARD = [
    ((1, 1, 5, 5), (1, 1), (1, 1), (1, 1), (0, 0), (1, 1), 1, True),
    ((5, 2, 4, 6), (3, 2), (1, 1), (1, 1), (0, 0), (1, 1), 1, False),
    ((2, 2, 5, 7), (3, 2), (1, 1), (2, 3), (1, 0), (1, 1), 1, True),
    ((2, 3, 7, 5), (2, 3), (2, 2), (1, 1), (0, 0), (1, 1), 1, True),
    ((5, 2, 6, 6), (4, 2), (3, 3), (1, 1), (1, 1), (1, 1), 1, True),
    ((1, 2, 9, 7), (3, 2), (3, 3), (2, 2), (1, 1), (1, 1), 1, True),
    ((2, 1, 8, 8), (3, 1), (4, 4), (2, 2), (1, 1), (1, 1), 1, True),
    ((1, 3, 7, 9), (2, 3), (4, 4), (2, 2), (1, 1), (1, 1), 1, False),
    ((2, 2, 8, 7), (2, 2), (5, 5), (3, 3), (2, 2), (1, 1), 1, True),
    ((1, 2, 9, 11), (2, 2), (3, 2), (1, 3), (2, 0), (1, 1), 1, True),
    ((2, 2, 9, 8), (2, 2), (3, 3), (1, 1), (2, 2), (2, 2), 1, True),
    ((1, 2, 11, 9), (3, 2), (3, 3), (2, 3), (1, 2), (2, 3), 1, True),
    ((2, 4, 6, 5), (4, 2), (3, 3), (1, 1), (1, 1), (1, 1), 2, True),
    ((2, 4, 6, 7), (4, 1), (3, 3), (2, 2), (1, 1), (1, 1), 4, True),
    ((1, 3, 5, 6), (6, 1), (2, 3), (1, 2), (0, 1), (1, 1), 3, False),
    ((3, 4, 4, 4), (5, 4), (4, 4), (1, 1), (0, 0), (1, 1), 1, True),
    ((2, 2, 3, 3), (2, 2), (1, 1), (1, 1), (2, 3), (1, 1), 1, True),
    ((1, 1, 9, 9), (2, 1), (2, 2), (3, 3), (0, 0), (1, 1), 1, True),
]

# the same, and the output padding
TRANSPOSED = [
    ((1, 1, 4, 5), (1, 1), (1, 1), (1, 1), (0, 0), (1, 1), 1, True, (0, 0)),
    ((5, 2, 3, 4), (2, 3), (1, 1), (2, 2), (0, 0), (1, 1), 1, True, (1, 0)),
    ((2, 3, 4, 3), (3, 2), (2, 2), (1, 1), (0, 0), (1, 1), 1, False, (0, 0)),
    ((5, 2, 4, 4), (2, 3), (3, 3), (1, 1), (1, 1), (1, 1), 1, True, (0, 0)),
    ((2, 2, 4, 5), (2, 3), (3, 3), (2, 2), (1, 1), (1, 1), 1, True, (1, 1)),
    ((1, 3, 4, 4), (3, 2), (4, 4), (2, 2), (1, 1), (1, 1), 1, True, (0, 0)),
    ((2, 2, 3, 5), (2, 1), (5, 5), (3, 3), (2, 2), (1, 1), 1, True, (2, 1)),
    ((1, 2, 3, 4), (2, 2), (3, 2), (1, 3), (1, 0), (1, 1), 1, True, (0, 2)),
    ((2, 2, 4, 3), (2, 2), (3, 3), (1, 1), (1, 1), (2, 2), 1, True, (1, 1)),
    ((1, 2, 3, 4), (2, 2), (3, 3), (2, 3), (1, 2), (3, 2), 1, False, (2, 1)),
    ((2, 4, 3, 4), (4, 2), (3, 3), (2, 2), (1, 1), (1, 1), 2, True, (1, 0)),
    ((2, 4, 3, 3), (4, 1), (4, 4), (2, 2), (1, 1), (1, 1), 4, True, (0, 0)),
    ((3, 4, 1, 1), (4, 3), (4, 4), (1, 1), (0, 0), (1, 1), 1, True, (0, 0)),
    ((2, 3, 1, 4), (3, 2), (3, 3), (2, 2), (1, 1), (1, 1), 1, True, (1, 1)),
    ((1, 1, 3, 3), (1, 2), (2, 2), (3, 3), (0, 0), (1, 1), 1, True, (2, 2)),
    ((1, 2, 5, 5), (2, 2), (2, 2), (1, 1), (2, 1), (1, 1), 1, True, (0, 0)),
]


def noise(*shape):
    return (torch.randint(-64, 65, shape) / 32.0).double()


def column(t):
    return {"shape": list(t.shape), "values": [float(v) for v in t.detach().flatten()]}


def case(kind, function, shape, channels, kernel, stride, padding, dilation, groups, biased, extra, outputs):
    x, weight = noise(*shape).requires_grad_(), noise(*channels, *kernel).requires_grad_()
    bias = noise(outputs).requires_grad_() if biased else None
    y = function(x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups, **extra)
    g = noise(*y.shape)
    (y * g).sum().backward()
    content = {
        "kind": kind, "stride": stride, "padding": padding, "dilation": dilation, "groups": groups,
        "outputPadding": extra.get("output_padding", (0, 0)),
        "x": column(x), "weight": column(weight), "y": column(y), "g": column(g), "dx": column(x.grad),
        "dweight": column(weight.grad),
    }
    if biased:
        content.update(bias=column(bias), dbias=column(bias.grad))
    return content


torch.manual_seed(1)
cases = [case("Conv2d", F.conv2d, *c, {}, c[1][0]) for c in FORWARD]
cases += [case("ConvTranspose2d", F.conv_transpose2d, *c[:8], {"output_padding": c[8]}, c[1][1] * c[6])
    for c in TRANSPOSED]
with open(os.path.join(HERE, "convolutions.json"), "w", newline="\n") as f:
    json.dump({"cases": cases}, f, separators=(",", ":"))
    f.write("\n")
