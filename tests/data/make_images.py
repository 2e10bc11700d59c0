#!/usr/bin/env python3
"""Makes images.json: operations on images, normalisations and attention with their gradients, in double, by PyTorch.

    python3 tests/data/make_images.py        (needs numpy and torch; the table is committed)

Each case: {"name", "operation", "settings", "inputs": [tensor, ...], "output": tensor, "upstream": tensor, "gradients":
[tensor, ...]}, the gradients those of the inner product of the output with upstream by each input. Inputs are rounded
to binary32 first, so that Float32 and Float64 tests see the same numbers.
"""
import json
import os

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
HERE = os.path.dirname(os.path.abspath(__file__))


def single(*shape, scale=1.0, offset=0.0):
    return (torch.randn(*shape) * scale + offset).float().double().requires_grad_()


def tensor(x):
    return {"shape": list(x.shape), "values": [float(v) for v in x.detach().reshape(-1)]}


def case(cases, name, operation, function, inputs, **settings):
    output = function(*inputs)
    upstream = single(*output.shape).detach()
    gradients = torch.autograd.grad((output * upstream).sum(), inputs)
    cases.append({
        "name": name, "operation": operation, "settings": settings, "inputs": [tensor(i) for i in inputs],
        "output": tensor(output), "upstream": tensor(upstream), "gradients": [tensor(g) for g in gradients]})


def pools(cases):
    for name, shape, kernel, stride, padding in (
            ("plain", (2, 3, 4, 6), (2, 2), (2, 2), (0, 0)), ("ragged", (1, 2, 7, 5), (2, 2), (2, 2), (0, 0)),
            ("overlapping", (2, 2, 7, 8), (3, 3), (2, 2), (1, 1)), ("oblong", (1, 2, 5, 9), (2, 5), (1, 3), (1, 2))):
        settings = {"kernel": kernel, "stride": stride, "padding": padding}
        case(cases, f"AvgPool2d {name}", "AvgPool2d", lambda x: F.avg_pool2d(x, kernel, stride, padding),
            [single(*shape)], **settings)
        case(cases, f"MaxPool2d {name}", "MaxPool2d", lambda x: F.max_pool2d(x, kernel, stride, padding),
            [single(*shape)], **settings)
    # Few levels, so that most windows have several maxima: the first in reading order gets the gradient.
    ties = torch.randint(0, 2, (2, 2, 6, 6)).double().requires_grad_()
    case(cases, "MaxPool2d ties", "MaxPool2d", lambda x: F.max_pool2d(x, (3, 3), (2, 2), (1, 1)), [ties], kernel=(3, 3),
        stride=(2, 2), padding=(1, 1))
    case(cases, "UpsampleNearest2d", "UpsampleNearest2d", lambda x: F.interpolate(x, scale_factor=(2, 3),
        mode="nearest"), [single(2, 3, 3, 4)], factor=(2, 3))


def norms(cases):
    for shape, groups in (((2, 8, 5, 7), 4), ((3, 6, 1, 1), 2), ((1, 4, 67), 1), ((1, 2, 9, 13), 2)):
        # The mean is far from 0: a variance taken as E[x^2] - E[x]^2 in Float32 would fail.
        inputs = [single(*shape, offset=100.0), single(shape[1], offset=1.0), single(shape[1])]
        case(cases, f"GroupNorm {list(shape)} {groups}", "GroupNorm", lambda x, w, b: F.group_norm(
            x, groups, w, b, 1e-5), inputs, groups=groups)
    for shape, axes in (((4, 10), 1), ((3, 2, 35), 1), ((2, 3, 17), 2)):
        normalized = shape[-axes:]
        inputs = [single(*shape, offset=-10.0), single(*normalized, offset=1.0), single(*normalized)]
        case(cases, f"LayerNorm {list(shape)} {axes}", "LayerNorm", lambda x, w, b: F.layer_norm(x, normalized, w, b,
            1e-5), inputs, axes=axes)
    for shape in ((4, 3, 5, 6), (9, 4), (1, 2, 40)):
        parameters = [single(shape[1], offset=1.0), single(shape[1])]
        case(cases, f"BatchNorm training {list(shape)}", "BatchNormTraining",
             lambda x, w, b: F.batch_norm(x, None, None, w, b, True, 0.1, 1e-5), [single(*shape, offset=10.0),
                 *parameters])
        mean, variance = single(shape[1]).detach(), single(shape[1]).detach().abs() + 0.5
        variance = variance.float().double()
        case(cases, f"BatchNorm evaluation {list(shape)}", "BatchNormEvaluation",
             lambda x, w, b: F.batch_norm(x, mean, variance, w, b, False, 0.1, 1e-5), [single(*shape), *parameters],
             mean=[float(v) for v in mean], variance=[float(v) for v in variance])


def attention(cases):
    for shape, keys in (((2, 5, 4), 7), ((3, 2, 4, 8), 4), ((1, 1, 3), 1)):
        inputs = [single(*shape), single(*shape[:-2], keys, shape[-1]), single(*shape[:-2], keys, shape[-1])]
        case(cases, f"ScaledDotProductAttention {list(shape)} {keys}", "ScaledDotProductAttention",
             lambda q, k, v: torch.softmax(q @ k.transpose(-1, -2) / shape[-1] ** 0.5, -1) @ v, inputs)


if __name__ == "__main__":
    torch.manual_seed(5)
    cases = []
    pools(cases)
    norms(cases)
    attention(cases)
    with open(os.path.join(HERE, "images.json"), "w", newline="\n") as f:
        json.dump({"cases": cases}, f, indent=None, separators=(",", ":"))
        f.write("\n")
