"""How fast a folder of pictures is read, and in how much memory.

Usage: /usr/bin/python3 bench/pictures.py [--folder DIR] [--counts 5000,20000] [--threads 1,2] [--sizes 32,64]

Makes JPEG pictures of 256 x 256 pixels (gradients, shapes and noise, quality 90) below DIR, unless they are there, and
prints a table: for each --size, threads and number of pictures, the seconds of `reparam train` with one short epoch of
200 pictures, the pictures read in each further second, the milliseconds of a processor for each further picture, the
peak of the resident memory, and the bytes of the scaled pixels. Further means beyond the smallest number, so that the
start of the program and the epoch do not count. The time of processors depends little on other programs. Build with
`dotnet build -c Release` first. Needs numpy and PIL.
"""
import argparse
import multiprocessing
import os
import subprocess
import tempfile
import time

import numpy as np
from PIL import Image, ImageDraw

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, "src/Reparam.Cli/bin/Release/net10.0/Reparam.Cli.dll")


def make(task):
    folder, i = task
    path = os.path.join(folder, f"{i % 10}", f"{i:06}.jpg")
    if os.path.exists(path):
        return
    rng = np.random.RandomState(i)
    y, x = np.mgrid[0:256, 0:256] / 255
    pixels = np.stack([255 * (a * x + b * y + c * x * y) for a, b, c in rng.uniform(-0.5, 0.8, (3, 3))], 2) + 60
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        (left, top), (wide, high) = rng.randint(0, 200, 2), rng.randint(10, 90, 2)
        box, colour = [left, top, left + wide, top + high], tuple(rng.randint(0, 256, 3).tolist())
        (draw.ellipse if rng.rand() < 0.5 else draw.rectangle)([int(v) for v in box], fill=colour)
    noisy = np.asarray(image, float) + 8 * rng.randn(256, 256, 3)
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(path, quality=90)


def folder_of(count, parent):
    folder = os.path.join(parent, str(count))
    for k in range(10):
        os.makedirs(os.path.join(folder, str(k)), exist_ok=True)
    with multiprocessing.Pool() as pool:
        pool.map(make, [(folder, i) for i in range(count)], chunksize=100)
    return folder


def measure(folder, threads, size):
    with tempfile.TemporaryDirectory() as out:
        command = ["dotnet", PROGRAM, "train", "--data", folder, "--size", str(size), "--limit", "200", "--epochs", "1",
            "--hidden", "16", "--latent", "2", "--threads", str(threads), "--quiet", "--out", os.path.join(out, "run")]
        start = time.time()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            raise SystemExit(f"{' '.join(command)} ended with status {status}")
        return time.time() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "reparam-pictures"))
    parser.add_argument("--counts", default="5000,20000")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--sizes", default="32,64")
    arguments = parser.parse_args()
    counts, threads, sizes = ([int(v) for v in text.split(",")]
        for text in (arguments.counts, arguments.threads, arguments.sizes))
    folders = {count: folder_of(count, arguments.folder) for count in counts}
    print("| --size | threads | pictures | seconds | pictures/s | ms each | peak MiB | pixels MiB |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    for size in sizes:
        for number in threads:
            first = None
            for count in sorted(counts):
                seconds, work, peak = measure(folders[count], number, size)
                rate = " | " if first is None else (f"{(count - first[0]) / (seconds - first[1]):,.0f} | "
                    f"{1000 * (work - first[2]) / (count - first[0]):.2f}")
                first = first or (count, seconds, work)
                print(f"| {size} | {number} | {count:,} | {seconds:.1f} | {rate} | {peak:,.0f} | "
                    f"{3 * size * size * count / 2 ** 20:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
