"""Memory and speed of training on a file that is larger than memory, beside a part of it in memory.

Usage: python3 bench/streaming.py [GB] [FOLDER]      Build first: dotnet build -c Release src/Reparam.Cli
OURS=FILE takes the Reparam.Cli.dll of another build. Writes GB (20) of random rows of 784 Float32 numbers into FOLDER (the folder for temporary files), trains one epoch with
--stream, and two epochs on the first 200,000 rows with --stream, in memory with --shuffle blocks, and in memory with
the default order. Prints for each: the seconds of the command, and those outside the steps (checks, means and
hashes of the data, validation); rows per second of the last epoch; the largest resident memory of the process; and the
SHA-256 of the weights. Deletes the files.
"""
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPARAM = ["dotnet", os.environ.get("OURS", os.path.join(ROOT, "src/Reparam.Cli/bin/Release/net10.0/Reparam.Cli.dll"))]
COLUMNS, PART = 784, 200_000
MODEL = ["--network", "mlp", "--hidden", "400", "--latent", "20", "--batch", "500", "--quiet"]


def write(path, rows, seed):
    """An .npy file of floats between 0.125 and 0.5: random bytes with a fixed exponent."""
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {COLUMNS}), }}"
    chance = random.Random(seed)
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00v\x00" + head.ljust(117).encode() + b"\n")
        for start in range(0, rows, 10_000):
            count = min(10_000, rows - start) * COLUMNS
            block = bytearray(chance.randbytes(4 * count))
            block[3::4] = b"\x3e" * count
            file.write(block)


def train(name, path, where, *options):
    run = os.path.join(where, name)
    started = time.perf_counter()
    process = subprocess.Popen([*REPARAM, "train", "--data", path, "--out", run, *MODEL, *options],
        stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    total = time.perf_counter() - started
    if status != 0:
        raise SystemExit(f"{name}: status {status}")
    with open(os.path.join(run, "metrics.jsonl"), encoding="utf-8") as lines:
        metrics = [json.loads(line) for line in lines]
    rates = [m["value"] for m in metrics if m["name"] == "images_per_second"]
    with open(os.path.join(run, "environment.json"), encoding="utf-8") as environment:
        count = json.load(environment)["data_count"]
    spent = sum(count / rate for rate in rates)
    checkpoints = os.path.join(run, "checkpoints")
    with open(os.path.join(checkpoints, "latest"), encoding="utf-8") as latest:
        folder = os.path.join(checkpoints, latest.read().strip())
    with open(os.path.join(folder, "model.safetensors"), "rb") as weights:
        digest = hashlib.sha256(weights.read()).hexdigest()
    return total, total - spent, rates[-1], used.ru_maxrss / 1e6, digest


def main():
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as where:
        whole, part = os.path.join(where, "whole.npy"), os.path.join(where, "part.npy")
        started = time.perf_counter()
        rows = int(size * 1e9 / 4 / COLUMNS)
        write(whole, rows, 1)
        write(part, PART, 1)
        print(f"{rows:,} rows written in {time.perf_counter() - started:.0f} s", flush=True)
        for name, path, options in [
                ("whole, streamed", whole, ["--stream", "--epochs", "1"]),
                ("part, streamed", part, ["--stream", "--epochs", "2"]),
                ("part, in memory, blocks", part, ["--shuffle", "blocks", "--epochs", "2"]),
                ("part, in memory", part, ["--epochs", "2"])]:
            total, other, rate, resident, digest = train(
                name.replace(", ", "-").replace(" ", "-"), path, where, *options)
            print(f"{name}: {total:.0f} s, of which {other:.0f} s outside steps; {rate:,.0f} rows/s; "
                f"{resident:.2f} GB resident; weights {digest[:16]}", flush=True)


if __name__ == "__main__":
    main()
