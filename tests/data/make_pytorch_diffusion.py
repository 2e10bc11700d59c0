"""Denoising networks in plain PyTorch with fixed weights: their outputs and the gradients by every weight.

Writes pytorch_diffusion.safetensors. Inputs and weights are rounded to binary32; results are computed in double and
rounded (an F32 rounding is far below the tolerance). The names of the weights are those of the library's parameters,
so a test assigns them, and compares the output and each gradient of sum(output * probe). The networks are written from
the papers: Ho, Jain and Abbeel (2020) for the U-Net, with the conventions in which the diffusers library differs, and
Peebles and Xie (2023) for the transformer.

    /usr/bin/python3 tests/data/make_pytorch_diffusion.py
"""
import math
import os

import numpy as np
import torch
from torch.nn import functional as F

from make_pytorch_vae import write

torch.set_default_dtype(torch.float64)


class Weights:
    """Draws a weight when its name is first used, so that the code of a network also lists its weights."""

    def __init__(self, seed):
        self.generator, self.values = torch.Generator().manual_seed(seed), {}

    def __call__(self, name, *shape):
        if name not in self.values:
            scale = 1 / math.sqrt(max(1, np.prod(shape[1:]))) if len(shape) > 1 else 0.3
            value = torch.randn(*shape, generator=self.generator) * scale
            if name.startswith("norm.weight") or ".norm" in name and name.endswith("weight"):
                value = value + 1
            self.values[name] = value.float().double().requires_grad_()
        return self.values[name]


def linear(w, name, x, outputs, bias=True):
    return F.linear(x, w(f"{name}.weight", outputs, x.shape[-1]), w(f"{name}.bias", outputs) if bias else None)


def conv(w, name, x, outputs, kernel, stride=1, padding=0, bias=True):
    return F.conv2d(x, w(f"{name}.weight", outputs, x.shape[1], kernel, kernel),
                    w(f"{name}.bias", outputs) if bias else None, stride, padding)


def embedding(w, name, level, context, length, features, width, cosine_first=False, to_the_end=True, act=F.silu):
    half = features // 2
    frequencies = torch.exp(-math.log(10000) * torch.arange(half) / (half - 1 if to_the_end else half))
    angles = 1000 * level[:, None] * frequencies[None]
    parts = [angles.cos(), angles.sin()] if cosine_first else [angles.sin(), angles.cos()]
    e = linear(w, f"{name}.second", act(linear(w, f"{name}.first", torch.cat(parts, 1), width)), width)
    if length:
        shown = torch.zeros(len(level), length) if context is None else context
        hidden = (shown.abs().sum(1, keepdim=True) == 0).to(e.dtype)
        e = e + linear(w, f"{name}.context", torch.cat([shown, hidden], 1), width, bias=False)
    return e


def attend(q, k, v, heads):
    """Attention over tokens [B, T, C] in heads."""
    b, t, c = q.shape
    q, k, v = (x.reshape(b, t, heads, c // heads).transpose(1, 2) for x in (q, k, v))
    a = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(c // heads), -1) @ v
    return a.transpose(1, 2).reshape(b, t, c)


def unet(w, z, level, context, length, channels, blocks, attention_from=None, head_channels=None, groups=None,
         epsilon=1e-5, asymmetric=False, cosine_first=False, to_the_end=True):
    def norm(name, x):
        count = groups
        if count is None:
            count = 8
            while count > 1 and (x.shape[1] % count or x.shape[1] // count < 4):
                count //= 2
        return F.group_norm(x, count, w(f"{name}.weight", x.shape[1]), w(f"{name}.bias", x.shape[1]), epsilon)

    def block(name, x, outputs):
        h = conv(w, f"{name}.conv1", F.silu(norm(f"{name}.norm1", x)), outputs, 3, padding=1)
        h = h + linear(w, f"{name}.embedding", e, outputs)[:, :, None, None]
        h = conv(w, f"{name}.conv2", F.silu(norm(f"{name}.norm2", h)), outputs, 3, padding=1)
        return (x if x.shape[1] == outputs else conv(w, f"{name}.shortcut", x, outputs, 1)) + h

    def attention(name, x):
        b, c, height, width = x.shape
        h = norm(f"{name}.norm", x)
        tokens = [conv(w, f"{name}.{part}", h, c, 1, bias=part != "key").flatten(2).transpose(1, 2)
                  for part in ("query", "key", "value")]
        a = attend(*tokens, heads=c // head_channels if head_channels else 1)
        return x + conv(w, f"{name}.project", a.transpose(1, 2).reshape(x.shape), c, 1)

    e = F.silu(embedding(w, "embedding", level, context, length, channels[0], 4 * channels[0], cosine_first,
                         to_the_end))
    h = conv(w, "first", z, channels[0], 3, padding=1)
    skips = [h]
    for i, width in enumerate(channels):
        for j in range(blocks):
            h = block(f"down{i}_block{j}", h, width)
            if attention_from is not None and i >= attention_from:
                h = attention(f"down{i}_attention{j}", h)
            skips.append(h)
        if i < len(channels) - 1:
            padded = F.pad(h, (0, 1, 0, 1)) if asymmetric else h
            h = conv(w, f"down{i}_halve", padded, width, 3, stride=2, padding=0 if asymmetric else 1)
            skips.append(h)
    h = block("middle_block0", h, channels[-1])
    h = attention("middle_attention", h)
    h = block("middle_block1", h, channels[-1])
    for i in reversed(range(len(channels))):
        for j in range(blocks + 1):
            h = block(f"up{i}_block{j}", torch.cat([h, skips.pop()], 1), channels[i])
            if attention_from is not None and i >= attention_from:
                h = attention(f"up{i}_attention{j}", h)
        if i > 0:
            h = conv(w, f"up{i}_double.conv", F.interpolate(h, scale_factor=2, mode="nearest"), channels[i], 3,
                     padding=1)
    return conv(w, "last", F.silu(norm("norm", h)), z.shape[1], 3, padding=1)


def transformer(w, z, level, context, length, patch, size, blocks, heads):
    n, c, height, width = z.shape
    rows, columns = height // patch, width // patch
    e = F.silu(embedding(w, "embedding", level, context, length, 256, size))
    tokens = F.unfold(z, patch, stride=patch).transpose(1, 2)
    quarter = size // 4
    frequencies = torch.exp(-math.log(10000) * torch.arange(quarter) / quarter)
    places = torch.stack([
        torch.cat([f(place * frequencies) for place in (r, s) for f in (torch.sin, torch.cos)])
        for r in range(rows) for s in range(columns)])
    x = linear(w, "to_tokens", tokens, size) + places

    def modulated(x, shift, scale):
        return F.layer_norm(x, (size,), eps=1e-6) * (1 + scale[:, None]) + shift[:, None]

    for i in range(blocks):
        name = f"block{i}"
        b1, s1, g1, b2, s2, g2 = linear(w, f"{name}.modulation", e, 6 * size).chunk(6, 1)
        h = modulated(x, b1, s1)
        a = attend(*(linear(w, f"{name}.{part}", h, size, bias=part != "key") for part in ("query", "key", "value")),
                   heads)
        x = x + g1[:, None] * linear(w, f"{name}.project", a, size)
        h = modulated(x, b2, s2)
        x = x + g2[:, None] * linear(w, f"{name}.narrow", F.gelu(linear(w, f"{name}.wide", h, 4 * size)), size)
    shift, scale = linear(w, "modulation", e, 2 * size).chunk(2, 1)
    x = linear(w, "from_tokens", modulated(x, shift, scale), c * patch * patch)
    return F.fold(x.transpose(1, 2), (height, width), patch, stride=patch)


def mlp(w, z, level, context, length, hidden):
    e = torch.tanh(embedding(w, "embedding", level, context, length, 64, hidden[0], act=torch.tanh))
    h = z.flatten(1)
    for i, width in enumerate(hidden):
        h = torch.tanh(linear(w, f"layer{i}", h, width) + linear(w, f"shift{i}", e, width, bias=False))
    return linear(w, "last", h, z.flatten(1).shape[1]).reshape(z.shape)


def main():
    cases = {
        "unet": (unet, (2, 1, 8, 12), 3, dict(channels=[8, 16, 16], blocks=1)),
        "unet-ddpm": (unet, (2, 3, 8, 8), 0, dict(
            channels=[8, 16], blocks=2, attention_from=1, groups=4, epsilon=1e-6, asymmetric=True)),
        "unet-diffusers": (unet, (2, 2, 8, 8), 0, dict(
            channels=[8, 16], blocks=1, attention_from=0, head_channels=8, groups=2, epsilon=1e-5, cosine_first=True,
            to_the_end=False)),
        "transformer": (transformer, (2, 2, 8, 12), 4, dict(patch=4, size=16, blocks=2, heads=2)),
        "mlp": (mlp, (3, 5), 2, dict(hidden=[7, 6])),
    }
    arrays = {}
    for seed, (name, (network, shape, length, options)) in enumerate(cases.items()):
        w, generator = Weights(seed), torch.Generator().manual_seed(1000 + seed)
        z = torch.randn(*shape, generator=generator).float().double()
        level = torch.rand(shape[0], generator=generator).float().double()
        context = torch.eye(length)[torch.arange(shape[0]) % length] if length else None
        if context is not None:
            context[-1] = 0  # the last context is hidden
        output = network(w, z, level, context, length, **options)
        probe = torch.randn(*output.shape, generator=generator).float().double()
        (output * probe).sum().backward()
        arrays |= {f"{name}/z": z, f"{name}/level": level, f"{name}/output": output, f"{name}/probe": probe}
        if context is not None:
            arrays[f"{name}/context"] = context
        for key, value in w.values.items():
            arrays[f"{name}/weights/{key}"], arrays[f"{name}/gradients/{key}"] = value, value.grad
    write(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pytorch_diffusion.safetensors"),
          arrays)


if __name__ == "__main__":
    main()
