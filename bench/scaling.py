"""Start-up, memory and how the cost grows with the data, of the command line on MNIST (in REPARAM_DATA).

Usage: python3 bench/scaling.py            Build first: dotnet build -c Release src/Reparam.Cli
Prints: the time of `reparam --help`; the time of a whole run of one step, an upper bound of the time to the first step;
seconds an epoch over 10,000 to 60,000 images beside the line through the origin that fits best; the peak memory of
training on all 60,000.

Epochs are timed in rounds, each with a run of every size, and a size counts with its fastest epoch over all rounds:
what neighbours of a virtual machine take away only ever adds time, and a slow minute falls on every size. A small size
has more epochs a run, so that all are looked at for as long.
"""
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPARAM = ["dotnet", os.path.join(ROOT, "src/Reparam.Cli/bin/Release/net10.0/Reparam.Cli.dll")]
MODEL = ["--data", "mnist", "--network", "mlp", "--hidden", "400", "--latent", "20", "--batch", "128", "--binarization",
    "dynamic", "--validation", "0", "--quiet"]
COUNTS = [10_000, 20_000, 40_000, 60_000]
ROUNDS, IMAGES_PER_RUN = 6, 240_000


def seconds(command):
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def epoch_seconds(count, epochs):
    """Seconds of the fastest epoch but the first, which warms the compiler up."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*REPARAM, "train", *MODEL, "--limit", str(count), "--epochs", str(epochs), "--out",
            os.path.join(folder, "run")], check=True, stdout=subprocess.DEVNULL)
        rates = []
        with open(os.path.join(folder, "run/metrics.jsonl"), encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if "images_per_second" in record.get("name", record.get("tag", "")):
                    rates.append(record["value"])
    return count / max(rates[1:])


def main():
    help_seconds = statistics.median(seconds([*REPARAM, "--help"]) for _ in range(5))
    print(f"reparam --help                      {help_seconds:.2f} s (median of 5)")
    with tempfile.TemporaryDirectory() as folder:
        once = [seconds([*REPARAM, "train", *MODEL, "--limit", "128", "--epochs", "1", "--out", os.path.join(
            folder, str(i))]) for i in range(5)]
    print(f"process start to the end of a run of one step on MNIST   {statistics.median(once):.2f} s (median of 5)")
    rounds = [{count: epoch_seconds(count, 1 + IMAGES_PER_RUN // count) for count in COUNTS} for _ in range(ROUNDS)]
    times = {count: min(taken[count] for taken in rounds) for count in COUNTS}
    slope = sum(n * t for n, t in times.items()) / sum(n * n for n in times)
    for count, taken in times.items():
        slowest = max(each[count] for each in rounds)
        off = 100 * (taken / (slope * count) - 1)
        print(f"{count:7,} images   {taken:.3f} s an epoch (slowest round {slowest:.3f})   "
            f"{off:+.1f} % off the line through the origin")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*REPARAM, "train", *MODEL, "--epochs", "3", "--out", os.path.join(folder, "run")], check=True,
            stdout=subprocess.DEVNULL)
    peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    print(f"peak memory of training on 60,000 images   {peak / 1024:.0f} MB")


if __name__ == "__main__":
    main()
