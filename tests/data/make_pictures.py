#!/usr/bin/env python3
"""Makes the JPEG files of pictures/, by Pillow and libjpeg-turbo's cjpeg and jpegtran.

    python3 tests/data/make_pictures.py        (needs python3-pil and libjpeg-turbo-progs; the files are committed)

Each file shows the same picture, upright.png. The files orientation-1.jpg to orientation-8.jpg store it turned, with
the EXIF tag that turns it back.
"""
import math
import os
import subprocess

from PIL import Image

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pictures")
WIDTH, HEIGHT = 45, 34


def level(x, y, k):
    # Brightness with detail, and colours that change slowly, as in a photograph.
    light = math.sin(0.4 * x + 0.2 * y) * math.cos(0.3 * y - 0.1 * x)
    return int(127.5 + 62 * light + 65 * math.sin(0.03 * x - 0.03 * y + 2.1 * k))


def save(name, image, **options):
    image.save(os.path.join(HERE, name), **options)


def run(name, program, *words, source):
    with open(os.path.join(HERE, name), "wb") as file:
        subprocess.run([program, *words, source], stdout=file, check=True)


os.makedirs(HERE, exist_ok=True)
upright = Image.new("RGB", (WIDTH, HEIGHT))
upright.putdata([tuple(level(x, y, k) for k in range(3)) for y in range(HEIGHT) for x in range(WIDTH)])
save("upright.png", upright)
for name, sampling in (("444", 0), ("422", 1), ("420", 2)):
    save(f"{name}.jpg", upright, quality=92, subsampling=sampling)
    save(f"progressive-{name}.jpg", upright, quality=92, subsampling=sampling, progressive=True)
save("grey.jpg", upright.convert("L"), quality=92)
save("progressive-grey.jpg", upright.convert("L"), quality=92, progressive=True)
save("cmyk.jpg", upright.convert("CMYK"), quality=92)
save("one-pixel.jpg", upright.crop((0, 0, 1, 1)), quality=92)
ppm = os.path.join(HERE, "upright.ppm")
save("upright.ppm", upright)
run("rgb.jpg", "cjpeg", "-rgb", "-quality", "92", source=ppm)
run("restart.jpg", "cjpeg", "-restart", "2B", "-quality", "92", "-optimize", source=ppm)
run("arithmetic.jpg", "cjpeg", "-arithmetic", "-quality", "92", source=ppm)
os.remove(ppm)
turns = [None, Image.FLIP_LEFT_RIGHT, Image.ROTATE_180, Image.FLIP_TOP_BOTTOM, Image.TRANSPOSE, Image.ROTATE_90,
         Image.TRANSVERSE, Image.ROTATE_270]
for orientation, turn in enumerate(turns, start=1):
    stored = upright if turn is None else upright.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(f"orientation-{orientation}.jpg", stored, quality=95, subsampling=0, exif=exif)
