#!/usr/bin/env python3
"""Makes pytorch_vae.safetensors: small VAEs written in plain PyTorch, with the loss and every gradient of one batch in double
and the parameters after ten Adam steps, for fixed weights, data and noise.

    python3 tests/data/make_pytorch_vae.py        (needs numpy and torch; the file is committed)

Weights, data and noise are rounded to binary32 and stored as F32, results too (an F32 rounding is far below the tolerance).
Names: <case>/x, <case>/noise, <case>/weights/<parameter>, <case>/gradients/<parameter>, <case>/after/<parameter>,
<case>/loss; the noise of the ten steps is <case>/noise [10, K, B, Z], its first the one that the gradients belong to.
"""
import json
import math
import os
import struct

import numpy as np
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
EVENT, HIDDEN, LATENT, BATCH, STEPS = 49, (32, 16), 5, 16, 10
# Name: activation, likelihood, objective, K.
CASES = {
    "bernoulli_tanh": (torch.tanh, "bernoulli", "elbo", 1),
    "gaussian_relu": (torch.relu, "gaussian", "elbo", 1),
    "iwae_tanh": (torch.tanh, "bernoulli", "iwae", 5),
}
MINIMUM_LOG_VARIANCE = -12.0


class Net(nn.Module):
    def __init__(self, inputs, widths, outputs):
        super().__init__()
        sizes = [inputs, *widths]
        self.hidden = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))
        self.head = nn.Linear(sizes[-1], outputs)

    def forward(self, x, activation):
        for layer in self.hidden:
            x = activation(layer(x))
        return self.head(x)


class Vae(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.encoder = Net(EVENT, HIDDEN, 2 * LATENT)
        self.decoder = Net(LATENT, HIDDEN[::-1], outputs)


def log_normal(x, loc, log_variance):
    return -0.5 * ((x - loc) ** 2 / log_variance.exp() + log_variance + math.log(2 * math.pi))


def loss_of(model, x, noise, activation, likelihood, objective):
    loc, log_variance = model.encoder(x, activation).chunk(2, -1)
    z = loc + (0.5 * log_variance).exp() * noise
    raw = model.decoder(z, activation)
    if likelihood == "bernoulli":
        target = x.expand(raw.shape)
        log_x = -nn.functional.binary_cross_entropy_with_logits(raw, target, reduction="none").sum(-1)
    else:
        mean, free = raw.chunk(2, -1)
        variance = nn.functional.softplus(free - MINIMUM_LOG_VARIANCE, threshold=1e9) + MINIMUM_LOG_VARIANCE
        log_x = log_normal(x, torch.sigmoid(mean), variance).sum(-1)
    if objective == "elbo":
        kl = 0.5 * (loc**2 + log_variance.exp() - 1 - log_variance).sum(-1)
        return kl.mean() - log_x.mean()
    log_w = log_x + log_normal(z, torch.zeros(()), torch.zeros(())).sum(-1) - log_normal(z, loc, log_variance).sum(-1)
    return -(torch.logsumexp(log_w, 0) - math.log(len(noise))).mean()


def build(name, tensors):
    activation, likelihood, objective, k = CASES[name]
    model = Vae(EVENT if likelihood == "bernoulli" else 2 * EVENT)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.float().double())
    grey = torch.rand(BATCH, EVENT).float().double()
    x = (grey < 0.3).double() if likelihood == "bernoulli" else grey
    noise = torch.randn(STEPS, k, BATCH, LATENT).float().double()
    tensors[f"{name}/x"], tensors[f"{name}/noise"] = x, noise
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for step in range(STEPS):
        if step == 0:
            for parameter, value in model.named_parameters():
                tensors[f"{name}/weights/{parameter}"] = value.detach().clone()
        optimizer.zero_grad()
        loss = loss_of(model, x, noise[step], activation, likelihood, objective)
        loss.backward()
        if step == 0:
            tensors[f"{name}/loss"] = loss.detach()
            for parameter, value in model.named_parameters():
                tensors[f"{name}/gradients/{parameter}"] = value.grad.clone()
        optimizer.step()
    for parameter, value in model.named_parameters():
        tensors[f"{name}/after/{parameter}"] = value.detach().clone()


def write(path, tensors):
    header, blobs, at = {}, [], 0
    for name in sorted(tensors):
        blob = tensors[name].detach().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


if __name__ == "__main__":
    torch.manual_seed(11)
    tensors = {}
    for name in CASES:
        build(name, tensors)
    write(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pytorch_vae.safetensors"), tensors)
