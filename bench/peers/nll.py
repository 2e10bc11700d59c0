"""log p(x) by importance sampling in PyTorch: the 784-200-200-50 tanh network, K draws for each of N images, as
`reparam evaluate --samples K`.

Usage: /usr/bin/python3 bench/peers/nll.py [--threads N] [--images N] [--samples K] [--flush]
Prints one line of JSON with the seconds. Draws come 50 at a time for 40 images, which was the fastest grouping tried
(see bench/results).
"""
import argparse
import json
import math
import time

import torch
import torch.nn.functional as F

from steps import WORK


def log_likelihood(model, x, samples, group):
    mean, log_variance = model.encoder(x).chunk(2, -1)
    total = None
    for _ in range(0, samples, group):
        eps = torch.randn(group, *mean.shape)
        z = mean + torch.exp(0.5 * log_variance) * eps
        logits = model.decoder(z)
        log_px = -F.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(-1)
        log_w = log_px + (-0.5 * z * z).sum(-1) - (-0.5 * eps * eps - 0.5 * log_variance).sum(-1)
        part = torch.logsumexp(log_w, 0)
        total = part if total is None else torch.logaddexp(total, part)
    return total - math.log(samples)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--group", type=int, default=50)
    parser.add_argument("--flush", action="store_true")
    arguments = parser.parse_args()
    torch.set_flush_denormal(arguments.flush)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    model = WORK["iwae-k1"][0]()
    data = (torch.rand(arguments.images, 784) < 0.13).float()
    with torch.no_grad():
        log_likelihood(model, data[:arguments.rows], 500, arguments.group)  # warm-up
        started = time.perf_counter()
        for start in range(0, arguments.images, arguments.rows):
            log_likelihood(model, data[start:start + arguments.rows], arguments.samples, arguments.group)
        print(json.dumps({"seconds": time.perf_counter() - started}))
