#!/usr/bin/env python3
"""Makes classifiers.json: nearest neighbours, logistic regression, k-means and mutual information by NumPy and SciPy,
in double.

    python3 tests/data/make_classifiers.py        (needs numpy, scipy; the table is committed)
"""
import json
import os

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.optimize import minimize
from scipy.spatial.distance import cdist
from scipy.special import logsumexp

N, D, C, K = 60, 4, 3, 5
x = np.array([[np.sin(3 * i + 5 * j + i * j) * (j + 1) for j in range(D)] for i in range(N)])
y = np.array([(i * i + i // 7) % C for i in range(N)])
queries = x + 0.1

distances = cdist(queries, x)
order = np.argsort(distances, axis=1, kind="stable")[:, :K]
votes = [np.bincount(y[row], minlength=C) for row in order]
voted = [next(int(y[k]) for k in row if v[y[k]] == v.max()) for row, v in zip(order, votes)]

inputs = np.c_[(x - x.mean(0)) / x.std(0), np.ones(N)]
hot = np.eye(C)[y]


def loss(flat, decay):
    w = flat.reshape(C, D + 1)
    logits = inputs @ w.T
    total = logsumexp(logits, axis=1, keepdims=True)
    penalty = np.full((C, D + 1), decay)
    penalty[:, -1] = 0
    return (total.sum() - (logits * hot).sum()) / N + 0.5 * (penalty * w * w).sum(), (
        (np.exp(logits - total) - hot).T @ inputs / N + penalty * w).ravel()


regressions = []
for decay in (1e-2, 1e-4):
    found = minimize(loss, np.zeros(C * (D + 1)), args=(decay,), jac=True, method="BFGS", options=dict(
        gtol=1e-11, maxiter=10000))
    logits = inputs @ found.x.reshape(C, D + 1).T
    regressions.append({"decay": decay, "loss": found.fun, "log_probs": (
        logits - logsumexp(logits, axis=1, keepdims=True)).ravel().tolist()})


def inertia(centres, assigned):
    return float(((x - centres[assigned]) ** 2).sum())


best = min(inertia(*kmeans2(x, 4, minit="++", seed=s, iter=300)) for s in range(300))


def entropy(counts):
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log(p)).sum()


other = np.array([(i // 5) % 4 for i in range(N)])
joint = np.zeros((C, 4))
np.add.at(joint, (y, other), 1)
joint_entropy, marginal = entropy(joint.ravel()), entropy(joint.sum(0)) + entropy(joint.sum(1))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "classifiers.json"), "w") as f:
    json.dump({
        "points": {"shape": [N, D], "values": x.ravel().tolist()}, "labels": y.tolist(), "queries": {
            "shape": [N, D], "values": queries.ravel().tolist()},
        "neighbours": order.tolist(), "distances": np.take_along_axis(distances, order, 1).ravel().tolist(),
        "voted": voted,
        "regressions": regressions, "inertia": best, "other": other.tolist(), "nmi": 2 * (marginal - joint_entropy)
            / marginal,
    }, f)
