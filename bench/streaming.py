"""Memory and speed of training on a file that is larger than memory, beside a part of it in memory.

Usage: python3 bench/streaming.py [GB] [FOLDER]      Build first: dotnet build -c Release src/Reparam.Cli
OURS=FILE takes the Reparam.Cli.dll of another build. Writes GB (20) of random rows of 784
Float32 numbers into FOLDER (the folder for temporary files) and trains 1,000 steps of 500 rows: on all rows with
--stream, and on the first 200,000 rows with --stream, in memory with --shuffle blocks, and in memory with the default
order. Prints for each: the seconds of the command with its checks of the data, and the seconds of processors; rows per
second of the last 800 steps, with their checkpoints; the largest resident memory of the process; and the SHA-256 of the
weights after 1,000 steps, which is one for the second and the third. Deletes the files.
"""
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPARAM = ["dotnet", os.environ.get("OURS", os.path.join(ROOT, "src/Reparam.Cli/bin/Release/net10.0/Reparam.Cli.dll"))]
COLUMNS, PART, BATCH, STEPS, EVERY = 784, 200_000, 500, 1000, 200
MODEL = ["--network", "mlp", "--hidden", "400", "--latent", "20", "--batch", str(BATCH), "--quiet"]


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


def train(name, path, where, steps, *options):
    """Trains until a step and stops. Returns seconds, seconds of the processors, rows per second of the steps after the
    first checkpoint, resident GB, and the SHA-256 of the weights."""
    run = os.path.join(where, name)
    started = time.perf_counter()
    process = subprocess.Popen([*REPARAM, "train", "--data", path, "--out", run, *MODEL, *options, "--epochs", "1000",
        "--checkpoint-steps", str(EVERY), "--keep-checkpoints", "1000"], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    folder = os.path.join(run, "checkpoints", f"step-{steps:08}")
    while not os.path.exists(os.path.join(run, folder)):
        if process.poll() is not None:
            raise SystemExit(f"{name}: ended with status {process.returncode}")
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, _, used = os.wait4(process.pid, 0)
    total = time.perf_counter() - started
    first = os.path.getmtime(os.path.join(run, "checkpoints", f"step-{EVERY:08}"))
    rate = (steps - EVERY) * BATCH / (os.path.getmtime(folder) - first)
    with open(os.path.join(folder, "model.safetensors"), "rb") as weights:
        digest = hashlib.sha256(weights.read()).hexdigest()
    return total, used.ru_utime + used.ru_stime, rate, used.ru_maxrss / 1e6, digest


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
                ("whole, streamed", whole, ["--stream"]),
                ("part, streamed", part, ["--stream"]),
                ("part, in memory, blocks", part, ["--shuffle", "blocks"]),
                ("part, in memory", part, [])]:
            total, busy, rate, resident, digest = train(
                name.replace(", ", "-").replace(" ", "-"), path, where, STEPS, *options)
            print(f"{name}: {total:.0f} s, {busy:.0f} s of processors; {rate:,.0f} rows/s; {resident:.2f} GB resident; "
                f"weights {digest[:16]}", flush=True)


if __name__ == "__main__":
    main()
