"""Training steps of this library beside PyTorch's and TorchSharp's, alternating in one run.

Usage: /usr/bin/python3 bench/compare.py [--rounds R] [--seconds S] [--keep-denormals] [--out FILE] [WORK...]

"nll" is no step but the log-likelihood of 1000 images with 5000 samples each, in ms altogether.

Each round times `reparam bench` with 1 thread and with all, then each peer that starts in three settings: 1 thread;
all threads with OMP_WAIT_POLICY=passive; all threads with OMP_WAIT_POLICY=active. The peers flush denormal numbers to
zero, which they do not by default; --keep-denormals times them as they come. The number of a setting is the median over
rounds, a side's the best of its settings. Build first:

    dotnet build -c Release
    dotnet build -c Release bench/peers/TorchSharp    (libtorch 2.10, 400 MB; without it PyTorch is the only peer)
"""
import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = os.path.join(ROOT, "src/Reparam.Cli/bin/Release/net10.0/Reparam.Cli.dll")
BENCHMARKS = os.path.join(ROOT, "bench/Reparam.Benchmarks/bin/Release/net10.0/Reparam.Benchmarks.dll")
TORCHSHARP = os.path.join(ROOT, "bench/peers/TorchSharp/bin/Release/net10.0/TorchSharpSteps.dll")
DEEP = ["resnet-32", "unet-28", "dit-28"]  # in TorchSharp alone
STEPS = ["mlp-400-20", "mlp-500-20", "mlp-512-512-128", "iwae-k1", "iwae-k50", "conv-28", "conv-64", *DEEP]
NLL_IMAGES = 1000
THREADS = os.cpu_count()
SETTINGS = {"1 thread": (1, {}), "passive": (THREADS, {"OMP_WAIT_POLICY": "passive"}),
    "active": (THREADS, {"OMP_WAIT_POLICY": "active"})}


def last_json(command, **environment):
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def ours(work, threads, seconds):
    if work == "nll":
        return 1e3 * last_json(["dotnet", BENCHMARKS, "nll", str(threads), str(NLL_IMAGES)])["seconds"]
    step = last_json(["dotnet", OURS, "bench", work, "--threads", str(threads), "--seconds", str(seconds), "--quiet",
        "--json"])["steps"][work]
    return step["milliseconds"]


def pytorch(work, threads, seconds, flush, **environment):
    flag = ["--flush"] if flush else []
    if work == "nll":
        peer = os.path.join(ROOT, "bench/peers/nll.py")
        return 1e3 * last_json([sys.executable, peer, "--threads", str(threads), "--images", str(NLL_IMAGES), *flag],
            **environment)["seconds"]
    peer = os.path.join(ROOT, "bench/peers/steps.py")
    return last_json([sys.executable, peer, "--threads", str(threads), "--seconds", str(seconds), *flag, work],
        **environment)[work]


def torchsharp(work, threads, seconds, flush, **environment):
    flag = ["flush"] if flush else []
    return last_json(["dotnet", TORCHSHARP, str(threads), str(seconds), *flag, work], **environment)[work]


def starts(name, peer, flush):
    try:
        peer("iwae-k1", 1, 0.1, flush)
        return True
    except (subprocess.CalledProcessError, OSError) as failure:
        print(f"{name} does not start here and is left out: {failure}", file=sys.stderr)
        return False


def processor():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {THREADS} cores"


def measure(work, peers, arguments):
    """Times of each (side, setting), a number a round."""
    runs = {("ours", f"{threads} threads" if threads > 1 else "1 thread"):
        lambda threads=threads: ours(work, threads, arguments.seconds) for threads in sorted({1, THREADS})}
    for name, peer in peers.items():
        if work == "nll" and peer is torchsharp or work in DEEP and peer is pytorch:
            continue
        for setting, (threads, environment) in SETTINGS.items():
            runs[(name, setting)] = lambda peer=peer, threads=threads, environment=environment: peer(
                work, threads, arguments.seconds, not arguments.keep_denormals, **environment)
    times = {key: [] for key in runs}
    for _ in range(arguments.rounds):
        for key, run in runs.items():
            times[key].append(run())
    return times


def ratios(times, side, rounds):
    """Of each round: the time of the side's best setting over the time of our best setting, so that a slow minute of
    the machine weighs on both."""
    def best(name):
        return min((statistics.median(values), key) for key, values in times.items() if key[0] == name)[1]
    mine, other = times[best("ours")], times[best(side)]
    return [other[i] / mine[i] for i in range(rounds)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--keep-denormals", action="store_true")
    parser.add_argument("--out")
    parser.add_argument("works", nargs="*")
    arguments = parser.parse_args()
    unknown = [work for work in arguments.works if work not in STEPS + ["nll"]]
    if unknown or arguments.rounds < 1:
        parser.error(f"unknown: {', '.join(unknown)}; choose among {', '.join(STEPS)}, nll" if unknown
            else "--rounds is at least 1")
    flush = not arguments.keep_denormals
    peers = {name: peer for name, peer in {"PyTorch": pytorch, "TorchSharp": torchsharp}.items()
        if starts(name, peer, flush)}
    if not peers:
        parser.error("no peer starts; install python3-torch or build bench/peers/TorchSharp")
    lines = []
    all_ratios = {name: [] for name in peers}
    for work in arguments.works or STEPS + ["nll"]:
        times = measure(work, peers, arguments)
        cells = []
        for side in ["ours", *peers]:
            settings = {key[1]: statistics.median(values) for key, values in times.items() if key[0] == side}
            if not settings:
                cells += ["", ""]
                continue
            best = min(settings, key=settings.get)
            cells.append(f"{settings[best]:.3f} ({best})")
            if side == "ours":
                continue
            shares = ratios(times, side, arguments.rounds)
            all_ratios[side].append(statistics.median(shares))
            cells.append(f"**{statistics.median(shares):.2f}** ({min(shares):.2f} to {max(shares):.2f})")
        lines.append(f"| {work} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    summary = "; ".join(f"{name} {math.exp(statistics.fmean(map(math.log, values))):.2f}"
        for name, values in all_ratios.items() if values)
    print(f"geometric means of the ratios: {summary}")
    if arguments.out:
        versions = []
        if "PyTorch" in peers:
            import torch
            versions.append(f"PyTorch {torch.__version__}")
        if "TorchSharp" in peers:
            versions.append("TorchSharp-cpu 0.107.0 (libtorch 2.10)")
        kept = " --keep-denormals" if arguments.keep_denormals else ""
        title = f"# Training steps beside {' and '.join(peers)}"
        command = f"bench/compare.py --rounds {arguments.rounds} --seconds {arguments.seconds:g}{kept}"
        mode = "flushed" if flush else "kept"
        with open(arguments.out, "w", encoding="utf-8") as out:
            out.write(f"""{title}

{processor()}. {', '.join(versions)}, .NET as in global.json; denormal numbers {mode} by the peers.
Made by `{command}`: ms a step in the best setting of each side, and how many
times as long the peer takes (median and range of the rounds). Geometric means: {summary}.

| step | ours | {' | '.join(f'{name} | ratio' for name in peers)} |
|---|---{'|---|---' * len(peers)}|
""")
            out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
