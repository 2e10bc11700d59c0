"""The training steps of bench/Reparam.Benchmarks in PyTorch: the same networks, batches, optimiser and data.

Usage: /usr/bin/python3 bench/peers/steps.py [THREADS [SECONDS]]
Best settings to try: 1 thread; 2 threads with OMP_WAIT_POLICY=passive; 2 threads plain.
"""
import math
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

threads = int(sys.argv[1]) if len(sys.argv) > 1 else torch.get_num_threads()
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 3.0
torch.set_num_threads(threads)


def mlp(widths, activation):
    layers = []
    for inputs, outputs in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*layers)


class Vae(nn.Module):
    def __init__(self, hidden, latent, activation):
        super().__init__()
        self.encoder = nn.Sequential(mlp([784, *hidden], activation), nn.Linear(hidden[-1], 2 * latent))
        self.decoder = nn.Sequential(mlp([latent, *hidden[::-1]], activation), nn.Linear(hidden[0], 784))

    def elbo_loss(self, x):
        mean, log_variance = self.encoder(x).chunk(2, -1)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        reconstruction = F.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="sum")
        kl = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
        return (reconstruction + kl) / x.shape[0]

    def iwae_loss(self, x, k):
        mean, log_variance = self.encoder(x).chunk(2, -1)
        eps = torch.randn(k, *mean.shape)
        z = mean + torch.exp(0.5 * log_variance) * eps
        logits = self.decoder(z)
        log_likelihood = -F.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
        log_prior = (-0.5 * z * z).sum(-1)
        log_posterior = (-0.5 * eps * eps - 0.5 * log_variance).sum(-1)
        return -(torch.logsumexp(log_likelihood + log_prior - log_posterior, 0) - math.log(k)).mean()


WORK = [
    ("mlp-400-20", [400], 20, nn.ReLU, 128, 0),
    ("mlp-500-20", [500], 20, nn.Tanh, 100, 0),
    ("mlp-512-512-128", [512, 512], 128, nn.ReLU, 128, 0),
    ("iwae-200-200-50-k1", [200, 200], 50, nn.Tanh, 20, 1),
    ("iwae-200-200-50-k50", [200, 200], 50, nn.Tanh, 20, 50),
]

for name, hidden, latent, activation, batch, k in WORK:
    torch.manual_seed(1)
    model = Vae(hidden, latent, activation)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    data = (torch.rand(batch, 784) < 0.13).float()
    times, began = [], time.perf_counter()
    while len(times) < 50 or time.perf_counter() - began < seconds:
        started = time.perf_counter()
        optimizer.zero_grad()
        loss = model.iwae_loss(data, k) if k else model.elbo_loss(data)
        loss.backward()
        optimizer.step()
        times.append((time.perf_counter() - started) * 1e3)
    steady = sorted(times[len(times) // 2:])
    print(f"{name:22} {steady[len(steady) // 2]:8.3f} ms  {threads} threads")
