"""Training steps of this library beside PyTorch's, alternating in one run.

Usage: /usr/bin/python3 bench/compare.py [--rounds R] [--seconds S] [--out FILE] [WORK...]

"nll" is no step but the log-likelihood of 1000 images with 5000 samples each, in ms altogether.

Each round times `reparam bench` with 1 thread and with all, then bench/peers/steps.py in three settings: 1 thread; all
threads with OMP_WAIT_POLICY=passive; all threads as they come. The number of a setting is the median over rounds, a
library's the best of its settings. Build first: dotnet build -c Release
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = os.path.join(ROOT, "src/Reparam.Cli/bin/Release/net10.0/Reparam.Cli.dll")
BENCHMARKS = os.path.join(ROOT, "bench/Reparam.Benchmarks/bin/Release/net10.0/Reparam.Benchmarks.dll")
WORKS = ["mlp-400-20", "mlp-500-20", "mlp-512-512-128", "iwae-k1", "iwae-k50", "conv-28", "conv-64", "nll"]
NLL_IMAGES = 1000
THREADS = os.cpu_count()


def last_json(command, **environment):
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def ours(work, threads, seconds):
    if work == "nll":
        return 1e3 * last_json(["dotnet", BENCHMARKS, "nll", str(threads), str(NLL_IMAGES)])["seconds"]
    step = last_json(["dotnet", OURS, "bench", work, "--threads", str(threads), "--seconds", str(seconds), "--quiet",
        "--json"])["steps"][work]
    return step["milliseconds"]


def theirs(work, threads, seconds, **environment):
    if work == "nll":
        peer = os.path.join(ROOT, "bench/peers/nll.py")
        return 1e3 * last_json([sys.executable, peer, "--threads", str(threads), "--images", str(NLL_IMAGES)],
            **environment)["seconds"]
    peer = os.path.join(ROOT, "bench/peers/steps.py")
    return last_json([sys.executable, peer, "--threads", str(threads), "--seconds", str(seconds), work], **environment)[
        work]


def processor():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {THREADS} cores"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--out")
    parser.add_argument("works", nargs="*")
    arguments = parser.parse_args()
    unknown = [work for work in arguments.works if work not in WORKS]
    if unknown or arguments.rounds < 1:
        parser.error(f"unknown: {', '.join(unknown)}; choose among {', '.join(WORKS)}" if unknown
            else "--rounds is at least 1")
    rows = []
    for work in arguments.works or WORKS:
        settings = {
            "ours, 1 thread": lambda: ours(work, 1, arguments.seconds),
            "ours, all threads": lambda: ours(work, THREADS, arguments.seconds),
            "PyTorch, 1 thread": lambda: theirs(work, 1, arguments.seconds),
            "PyTorch, passive": lambda: theirs(work, THREADS, arguments.seconds, OMP_WAIT_POLICY="passive"),
            "PyTorch, plain": lambda: theirs(work, THREADS, arguments.seconds),
        }
        times = {name: [] for name in settings}
        for _ in range(arguments.rounds):
            for name, run in settings.items():
                times[name].append(run())
        medians = {name: statistics.median(values) for name, values in times.items()}
        best = {side: min((value, name) for name, value in medians.items() if name.startswith(side)) for side in (
            "ours", "PyTorch")}
        # The ratio of each round, so that a slow minute of the machine weighs on both sides.
        ratios = [times[best["PyTorch"][1]][i] / times[best["ours"][1]][i] for i in range(arguments.rounds)]
        rows.append((work, medians, best, statistics.median(ratios), min(ratios), max(ratios)))
        print(
            f"{work:16} ours {best['ours'][0]:8.3f} ms   PyTorch {best['PyTorch'][0]:8.3f} ms ({best['PyTorch'][1]})   "
              f"ratio {rows[-1][3]:.2f} ({rows[-1][4]:.2f} to {rows[-1][5]:.2f})", flush=True)

    if arguments.out:
        import torch
        with open(arguments.out, "w", encoding="utf-8") as out:
            build = [line.strip(" -") for line in torch.__config__.show().splitlines() if any(word in line for word in (
                "CPU capability", "oneDNN", "MKL-DNN", "OpenMP"))]
            out.write(
                f"# Training steps beside PyTorch\n\n{processor()}. PyTorch {torch.__version__} ({'; '.join(build)}), "
                f".NET as in global.json. Made by `bench/compare.py --rounds {arguments.rounds} "
                f"--seconds {arguments.seconds:g}`; medians over rounds, ms a step.\n\n")
            names = list(rows[0][1])
            out.write("| step | " + " | ".join(names) + " | ratio of the best | lowest to highest |\n|---|" + "---:|"
                * (len(names) + 2) + "\n")
            for work, medians, _, ratio, low, high in rows:
                out.write(f"| {work} | " + " | ".join(f"{medians[name]:.3f}" for name in names)
                    + f" | **{ratio:.2f}** | {low:.2f} to {high:.2f} |\n")


if __name__ == "__main__":
    main()
