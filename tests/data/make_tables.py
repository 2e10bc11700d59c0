#!/usr/bin/env python3
"""Makes the reference tables of distributions and optimisers, in double: SciPy for densities, PyTorch for optimiser
steps.

    python3 tests/data/make_tables.py        (needs numpy, scipy, torch; the tables are committed)

Every input is rounded to binary32 first, so that Float32 and Float64 tests see the very same numbers and a difference
is an error of ours, not of the table.
"""
import json
import os

import numpy as np
import torch
from scipy import special, stats

HERE = os.path.dirname(os.path.abspath(__file__))


def single(x):
    return np.asarray(x, dtype=np.float32).astype(np.float64)


def table(name, parameters, value, **columns):
    def tensor(x):
        x = np.asarray(x, dtype=np.float64)
        return {"shape": list(x.shape), "values": [float(v) for v in x.ravel()]}

    content = {
        "parameters": {k: tensor(v) for k, v in parameters.items()},
        "value": tensor(value),
        **{k: tensor(v) for k, v in columns.items()},
    }
    write(name, content)


def write(name, content):
    with open(os.path.join(HERE, name), "w", newline="\n") as f:
        json.dump(content, f, indent=None, separators=(",", ":"))
        f.write("\n")


def normals():
    # Scales over four decades; values up to 12 standard deviations out.
    loc = single([[0.0, -1.5, 3.25], [100.0, 0.125, -0.001]])
    scale = single([[1.0, 0.02, 7.5], [30.0, 1e-3, 250.0]])
    steps = np.array([0.0, 0.3, -1.0, 2.5, -6.0, 12.0]).reshape(-1, 1, 1)
    value = single(loc + scale * steps)
    log_prob = stats.norm.logpdf(value, loc, scale)
    entropy = stats.norm.entropy(loc, scale)
    parameters = {"loc": loc, "scale": scale}
    variance = scale**2
    table("normal.json", parameters, value, log_prob=log_prob, entropy=entropy, mean=loc, variance=variance)
    joint = log_prob.sum(-1)
    table("diagonal_normal.json", parameters, value, log_prob=joint, entropy=entropy.sum(-1), mean=loc,
        variance=variance)


def bernoulli():
    logits = single([[0.0, 0.7, -2.0], [9.0, -40.0, 100.0]])
    value = np.array([0.0, 1.0]).reshape(-1, 1, 1) * np.ones_like(logits)
    # log p(1) = -log(1 + e^-l) and log p(0) = -log(1 + e^l), each without cancellation.
    log_one, log_zero = -np.logaddexp(0, -logits), -np.logaddexp(0, logits)
    log_prob = np.where(value == 1, log_one, log_zero)
    p, q = special.expit(logits), special.expit(-logits)
    entropy = -(p * log_one + q * log_zero)
    table("bernoulli.json", {"logits": logits}, value, log_prob=log_prob, entropy=entropy, mean=p, variance=p * q)
    table(
        "independent_bernoulli.json", {"logits": logits}, value,
        log_prob=log_prob.sum(-1), entropy=entropy.sum(-1), mean=p, variance=p * q)


def logistic256():
    loc = single([[0.5, 0.0, 1.0], [0.25, 0.75, 0.0625]])
    log_scale = single([[-3.0, -5.0, -1.0], [0.5, -2.0, -4.0]])
    levels = np.array([0, 1, 17, 64, 127, 128, 200, 254, 255])

    def log_mass(k, x):
        # Differences of the CDF on the side where nothing cancels.
        s = np.exp(log_scale)
        half = 0.5 / 255
        upper = np.where(k == 255, np.inf, (x + half - loc) / s)
        lower = np.where(k == 0, -np.inf, (x - half - loc) / s)
        left = special.expit(upper) - special.expit(lower)
        right = special.expit(-lower) - special.expit(-upper)
        return np.log(np.where(lower + upper > 0, right, left))

    # Exact levels: the distribution takes the level nearest to a rounded one.
    value = (levels / 255.0).reshape(-1, 1, 1) * np.ones_like(loc)
    log_prob = np.stack([log_mass(k, k / 255.0) for k in levels])
    all_masses = np.exp(np.stack([log_mass(k, k / 255.0) for k in range(256)]))
    assert abs(all_masses.sum(0) - 1).max() < 1e-12
    entropy = -(all_masses * np.log(np.maximum(all_masses, 1e-300))).sum(0)
    grey = np.arange(256).reshape(-1, 1, 1) / 255.0
    first, second = (all_masses * grey).sum(0), (all_masses * grey**2).sum(0)
    table(
        "discretized_logistic.json", {"loc": loc, "log_scale": log_scale}, value,
        log_prob=log_prob, entropy=entropy, mean=first, variance=second - first**2)


OPTIMIZERS = {
    "adam": lambda p: torch.optim.Adam(p, lr=0.03),
    "adam_decay": lambda p: torch.optim.Adam(p, lr=0.03, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.03, weight_decay=0.1),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05),
    "adagrad_decay": lambda p: torch.optim.Adagrad(p, lr=0.05, weight_decay=0.1, initial_accumulator_value=0.25,
        eps=1e-6),
    "adamax": lambda p: torch.optim.Adamax(p, lr=0.03),
    "adamax_decay": lambda p: torch.optim.Adamax(p, lr=0.03, betas=(0.8, 0.95), weight_decay=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01),
    "rmsprop_momentum": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.8, weight_decay=0.1),
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "sgd_decay": lambda p: torch.optim.SGD(p, lr=0.05, weight_decay=0.1),
    "sgd_momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1),
    "sgd_nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
}


def optimizers():
    # A smooth problem with curvature of many sizes: 0.5 sum c p^2 + sum log cosh(A p - b), the first parameter a
    # matrix.
    rng = np.random.default_rng(3)
    start = single(rng.normal(size=6))
    curvature = single([0.01, 0.1, 0.5, 1.0, 4.0, 9.0])
    a, b = single(rng.normal(size=(5, 6))), single(rng.normal(size=5))
    steps = {}
    for name, make in OPTIMIZERS.items():
        matrix = torch.tensor(start[:4].reshape(2, 2), requires_grad=True)
        vector = torch.tensor(start[4:], requires_grad=True)
        optimizer = make([matrix, vector])
        rows = []
        for _ in range(10):
            optimizer.zero_grad()
            p = torch.cat([matrix.reshape(-1), vector])
            u = torch.tensor(a) @ p - torch.tensor(b)
            # log cosh u = u + softplus(-2u) - log 2
            loss = 0.5 * (torch.tensor(curvature) * p * p).sum() + (u + torch.nn.functional.softplus(
                -2 * u, threshold=1e9)).sum()
            loss.backward()
            optimizer.step()
            rows.append([float(v) for v in torch.cat([matrix.reshape(-1), vector]).detach()])
        steps[name] = rows
    write("optimizers.json", {
        "start": start.tolist(), "curvature": curvature.tolist(), "a": a.ravel().tolist(), "b": b.tolist(),
        "steps": steps,
    })


if __name__ == "__main__":
    normals()
    bernoulli()
    logistic256()
    optimizers()
