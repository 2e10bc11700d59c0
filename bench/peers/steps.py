"""The reference training steps of `reparam bench` in PyTorch: the same networks, batches, optimiser and data, by the
same names.

Usage: /usr/bin/python3 bench/peers/steps.py [--threads N] [--seconds S] [--flush] [WORK...]
--flush treats denormal numbers as 0.
Prints one line of JSON: {"mlp-400-20": milliseconds, ...}, medians over the second half of the time.
bench/compare.py runs it in each of the thread settings that are worth trying.
"""
import argparse
import json
import math
import time

import torch
import torch.nn.functional as F
from torch import nn


def mlp(widths, activation):
    layers = []
    for inputs, outputs in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(inputs, outputs), activation()]
    return layers


class Vae(nn.Module):
    """Encoder head gives mean and log-variance; Bernoulli logits come out of the decoder."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def loss(self, x, samples):
        mean, log_variance = self.encoder(x).chunk(2, -1)
        if samples == 0:
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            reconstruction = F.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="sum")
            kl = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
            return (reconstruction + kl) / x.shape[0]
        eps = torch.randn(samples, *mean.shape)
        z = mean + torch.exp(0.5 * log_variance) * eps
        logits = self.decoder(z)
        log_likelihood = -F.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
        log_prior = (-0.5 * z * z).sum(-1)
        log_posterior = (-0.5 * eps * eps - 0.5 * log_variance).sum(-1)
        return -(torch.logsumexp(log_likelihood + log_prior - log_posterior, 0) - math.log(samples)).mean()


def dense(hidden, latent, activation):
    encoder = nn.Sequential(*mlp([784, *hidden], activation), nn.Linear(hidden[-1], 2 * latent))
    decoder = nn.Sequential(*mlp([latent, *hidden[::-1]], activation), nn.Linear(hidden[0], 784))
    return Vae(encoder, decoder)


def convolutional(image, channels, edge, latent, hidden):
    """4x4 kernels, stride 2, padding 1 down to edge >> len(channels), linear layers, and the mirror image."""
    down, widths = [], [image, *channels]
    for inputs, outputs in zip(widths[:-1], widths[1:]):
        down += [nn.Conv2d(inputs, outputs, 4, 2, 1), nn.ReLU()]
    small = edge >> len(channels)
    features = channels[-1] * small * small
    encoder = nn.Sequential(*down, nn.Flatten(), *mlp([features, *hidden], nn.ReLU), nn.Linear(
        hidden[-1] if hidden else features, 2 * latent))
    up, widths = [], [*channels[::-1], image]
    for i, (inputs, outputs) in enumerate(zip(widths[:-1], widths[1:])):
        up += [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)] + ([nn.ReLU()] if i + 2 < len(widths) else [])
    decoder = nn.Sequential(
        *mlp([latent, *hidden[::-1]], nn.ReLU), nn.Linear(hidden[0] if hidden else latent, features), nn.ReLU(),
        nn.Unflatten(1, (channels[-1], small, small)), *up)
    return Vae(encoder, decoder)


WORK = {
    "mlp-400-20": (lambda: dense([400], 20, nn.ReLU), (128, 784), 0),
    "mlp-500-20": (lambda: dense([500], 20, nn.Tanh), (100, 784), 0),
    "mlp-512-512-128": (lambda: dense([512, 512], 128, nn.ReLU), (128, 784), 0),
    "iwae-k1": (lambda: dense([200, 200], 50, nn.Tanh), (20, 784), 1),
    "iwae-k50": (lambda: dense([200, 200], 50, nn.Tanh), (20, 784), 50),
    "conv-28": (lambda: convolutional(1, [32, 64], 28, 32, []), (128, 1, 28, 28), 0),
    "conv-64": (lambda: convolutional(3, [32, 32, 64, 64], 64, 32, [256]), (64, 3, 64, 64), 0),
}


def time_step(name, seconds):
    make, shape, samples = WORK[name]
    torch.manual_seed(1)
    model = make()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    data = (torch.rand(shape) < 0.13).float()
    times, began = [], time.perf_counter()
    while len(times) < 10 or time.perf_counter() - began < seconds:
        started = time.perf_counter()
        optimizer.zero_grad()
        model.loss(data, samples).backward()
        optimizer.step()
        times.append((time.perf_counter() - started) * 1e3)
    steady = sorted(times[len(times) // 2:])
    return steady[len(steady) // 2]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--flush", action="store_true")
    parser.add_argument("works", nargs="*")
    arguments = parser.parse_args()
    # Before the first parallel operation: the threads that it starts inherit the mode.
    torch.set_flush_denormal(arguments.flush)
    torch.set_num_threads(arguments.threads)
    print(json.dumps({name: time_step(name, arguments.seconds) for name in arguments.works or WORK}))
