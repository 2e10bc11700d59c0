#!/usr/bin/env python3
"""Makes pytorch_vae.safetensors: small VAEs written in plain PyTorch, with the loss and every gradient of one batch in
double and the parameters after ten Adam steps, for fixed weights, data and noise.

    python3 tests/data/make_pytorch_vae.py        (needs numpy and torch; the file is committed)

Weights, data and noise are rounded to binary32 and stored as F32, results too (an F32 rounding is far below the
tolerance). Names: <case>/x, <case>/noise, <case>/weights/<parameter>, <case>/gradients/<parameter>,
<case>/after/<parameter>, <case>/loss; the noise of the ten steps is <case>/noise [10, K, B, Z], its first the one that
the gradients belong to.
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
# Images: name: architecture, event shape, channels, hidden, activation, likelihood, K.
IMAGE_CASES = {
    "conv_relu": ("conv", (2, 8, 8), (4, 6), (10,), torch.relu, "gaussian", 1),
    "resnet_silu": ("resnet", (8, 4), (8, 12), (), nn.functional.silu, "bernoulli", 2),
}


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


def linears(inputs, widths):
    sizes = [inputs, *widths]
    return nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))


def through(layers, x, activation):
    for layer in layers:
        x = activation(layer(x))
    return x


def image_of(event):
    return event if len(event) == 3 else (1, *event)


class ConvEncoder(nn.Module):
    def __init__(self, event, channels, hidden):
        super().__init__()
        c, h, w = image_of(event)
        sizes = [c, *channels]
        self.convolutions = nn.ModuleList(nn.Conv2d(i, o, 4, 2, 1) for i, o in zip(sizes, sizes[1:]))
        features = channels[-1] * (h >> len(channels)) * (w >> len(channels))
        self.hidden = linears(features, hidden)
        self.head = nn.Linear(hidden[-1] if hidden else features, 2 * LATENT)

    def forward(self, x, activation):
        return self.head(through(self.hidden, through(self.convolutions, x, activation).flatten(1), activation))


class ConvDecoder(nn.Module):
    def __init__(self, event, channels, hidden, outputs):
        super().__init__()
        c, h, w = image_of(event)
        self.smallest = (channels[0], h >> len(channels), w >> len(channels))
        self.hidden = linears(LATENT, hidden)
        self.expand = nn.Linear(hidden[-1] if hidden else LATENT, math.prod(self.smallest))
        sizes = [*channels, outputs * c]
        self.convolutions = nn.ModuleList(nn.ConvTranspose2d(i, o, 4, 2, 1) for i, o in zip(sizes, sizes[1:]))

    def forward(self, z, activation):
        x = activation(self.expand(through(self.hidden, z, activation))).reshape(-1, *self.smallest)
        x = through(self.convolutions[:-1], x, activation)
        return self.convolutions[-1](x).reshape(*z.shape[:-1], -1)


def norm(channels):
    groups = 8
    while groups > 1 and (channels % groups or channels // groups < 4):
        groups //= 2
    return nn.GroupNorm(groups, channels)


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm1, self.conv1 = norm(channels), nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2, self.conv2 = norm(channels), nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x, activation):
        return x + self.conv2(activation(self.norm2(self.conv1(activation(self.norm1(x))))))


class Attention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = norm(channels)
        self.query, self.key, self.value, self.project = (nn.Conv2d(channels, channels, 1, bias=b) for b in (
            True, False, True, True))

    def forward(self, x, activation):
        h = self.norm(x)
        q, k, v = (m(h).flatten(2).transpose(1, 2) for m in (self.query, self.key, self.value))
        attended = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(q.shape[-1]), -1) @ v
        return x + self.project(attended.transpose(1, 2).reshape(x.shape))


class Up(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1)

    def forward(self, x, activation):
        return self.conv(nn.functional.interpolate(x, scale_factor=2, mode="nearest"))


class Down(nn.Conv2d):
    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, 3, 2, 1)

    def forward(self, x, activation):
        return super().forward(x)


class ResidualEncoder(nn.Module):
    def __init__(self, event, channels, hidden):
        super().__init__()
        c, h, w = image_of(event)
        self.order = []
        for level, (i, o) in enumerate(zip([c, *channels], channels)):
            self.put(f"down{level}", Down(i, o))
            self.put(f"level{level}_block0", Block(o))
        self.put("attention", Attention(channels[-1]))
        self.norm = norm(channels[-1])
        self.hidden = linears(0, hidden)
        self.head = nn.Linear(channels[-1] * (h >> len(channels)) * (w >> len(channels)), 2 * LATENT)

    def put(self, name, module):
        self.add_module(name, module)
        self.order.append(name)

    def forward(self, x, activation):
        for name in self.order:
            x = getattr(self, name)(x, activation)
        return self.head(activation(self.norm(x)).flatten(1))


class ResidualDecoder(nn.Module):
    def __init__(self, event, channels, hidden, outputs):
        super().__init__()
        c, h, w = image_of(event)
        self.smallest = (channels[0], h >> len(channels), w >> len(channels))
        self.expand = nn.Linear(LATENT, math.prod(self.smallest))
        self.order = []
        self.put("attention", Attention(channels[0]))
        for level, width in enumerate(channels):
            self.put(f"level{level}_block0", Block(width))
            if level + 1 < len(channels):
                self.put(f"up{level}", Up(width, channels[level + 1]))
        self.norm = norm(channels[-1])
        self.last = Up(channels[-1], outputs * c)

    put = ResidualEncoder.put

    def forward(self, z, activation):
        x = self.expand(z).reshape(-1, *self.smallest)
        for name in self.order:
            x = getattr(self, name)(x, activation)
        return self.last(activation(self.norm(x)), activation).reshape(*z.shape[:-1], -1)


class ImageVae(nn.Module):
    def __init__(self, architecture, event, channels, hidden, outputs):
        super().__init__()
        encoder, decoder = (ConvEncoder, ConvDecoder) if architecture == "conv" else (ResidualEncoder, ResidualDecoder)
        self.event = event
        self.encoder_net = encoder(event, channels, hidden)
        self.decoder = decoder(event, channels[::-1], hidden[::-1], outputs)

    def encoder(self, x, activation):
        return self.encoder_net(x.reshape(-1, *image_of(self.event)), activation)


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
    train(name, tensors, Vae(EVENT if likelihood == "bernoulli" else 2 * EVENT), activation, likelihood, objective, k,
        EVENT)


def build_images(name, tensors):
    architecture, event, channels, hidden, activation, likelihood, k = IMAGE_CASES[name]
    model = ImageVae(architecture, event, channels, hidden, 1 if likelihood == "bernoulli" else 2)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.GroupNorm):  # ones and zeros would hide what they scale and shift
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.5, 0.5)
    train(name, tensors, model, activation, likelihood, "elbo", k, math.prod(event))


def published(parameter):
    return parameter.replace("encoder_net.", "encoder.")


def train(name, tensors, model, activation, likelihood, objective, k, size):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.float().double())
    grey = torch.rand(BATCH, size).float().double()
    x = (grey < 0.3).double() if likelihood == "bernoulli" else grey
    noise = torch.randn(STEPS, k, BATCH, LATENT).float().double()
    tensors[f"{name}/x"], tensors[f"{name}/noise"] = x, noise
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for step in range(STEPS):
        if step == 0:
            for parameter, value in model.named_parameters():
                tensors[f"{name}/weights/{published(parameter)}"] = value.detach().clone()
        optimizer.zero_grad()
        loss = loss_of(model, x, noise[step], activation, likelihood, objective)
        loss.backward()
        if step == 0:
            tensors[f"{name}/loss"] = loss.detach()
            for parameter, value in model.named_parameters():
                tensors[f"{name}/gradients/{published(parameter)}"] = value.grad.clone()
        optimizer.step()
    for parameter, value in model.named_parameters():
        tensors[f"{name}/after/{published(parameter)}"] = value.detach().clone()


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
    for name in IMAGE_CASES:
        build_images(name, tensors)
    write(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pytorch_vae.safetensors"), tensors)
