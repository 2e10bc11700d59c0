#!/usr/bin/env python3
"""Makes small data files as NumPy and SciPy write them, and what NumPy and SciPy read from them.

    python3 tests/data/make_files.py        (needs numpy, scipy; the files are committed)

files.json has for each file its parts, each with the shape and the values of its data and, where it has some, its
labels.
"""
import io
import json
import os
import zipfile

import numpy as np
import scipy.io
import scipy.sparse

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "files")
rng = np.random.default_rng(7)
expected = {}


def path(name):
    return os.path.join(FOLDER, name)


def table(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "values": [float(v) for v in array.ravel()]}


def expect(name, train, labels=None, **parts):
    """parts: validation=(data, labels), test=(data, labels)."""
    expected[name] = {}
    for part, (data, classes) in {"train": (train, labels), **parts}.items():
        expected[name][part] = {"data": table(data), "labels": None if classes is None else [int(c) for c in classes]}


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


# .npy: every plain type in both byte orders, Fortran order, Python 2's long integers.
for order, kind in (("little", "<"), ("big", ">")):
    for code in ("b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"):
        values = rng.integers(0, 2, (3, 4)) if code == "b1" else rng.integers(0 if code[0] == "u" else -100, 100,
            (3, 4)) / (7 if code[0] == "f" else 1)
        array = values.astype(kind + code)
        name = f"{order}-{code}.npy"
        np.save(path(name), array)
        expect(name, np.load(path(name)))
np.save(path("fortran-f2.npy"), np.asfortranarray(rng.normal(size=(3, 4)).astype(np.float16)))
expect("fortran-f2.npy", np.load(path("fortran-f2.npy")))
header = b"{'descr': '<i2', 'fortran_order': False, 'shape': (2L, 3L), }"
header += b" " * (-(10 + len(header) + 1) % 16) + b"\n"
with open(path("python2.npy"), "wb") as f:
    f.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + np.arange(6, dtype="<i2").tobytes())
expect("python2.npy", np.load(path("python2.npy"), encoding="latin1"))

# .npz: parts as Keras, MedMNIST and others name them, and members that are none of ours.
x, y = rng.normal(size=(5, 2)), np.array([0, 2, 1, 1, 0])
np.savez(path("keras.npz"), x_train=x[:3], y_train=y[:3], x_test=x[3:], y_test=y[3:])
expect("keras.npz", x[:3], y[:3], test=(x[3:], y[3:]))
images = rng.integers(0, 256, (6, 2, 3), dtype=np.uint8)
marks = np.array([[1], [0], [2], [2], [1], [0]], dtype=np.uint8)
np.savez_compressed(path("medmnist.npz"), train_images=images[:3], train_labels=marks[:3], val_images=images[3:4],
    val_labels=marks[3:4], test_images=images[4:], test_labels=marks[4:])
expect("medmnist.npz", images[:3], marks[:3, 0], validation=(images[3:4], marks[3:4, 0]), test=(
    images[4:], marks[4:, 0]))
np.savez(path("one-hot.npz"), x=x, y=np.eye(3, dtype=np.float32)[y])
expect("one-hot.npz", x, y)
np.savez(path("parts-only.npz"), train=x[:2], valid=x[2:3], test=x[3:])
expect("parts-only.npz", x[:2], validation=(x[2:3], None), test=(x[3:], None))
np.savez(path("multi-label.npz"), train_images=images[:3], train_labels=np.ones((3, 4), dtype=np.uint8))
expect("multi-label.npz", images[:3])
np.savez(path("regression.npz"), X=x, y=x[:, 0] / 3)
expect("regression.npz", x)
np.savez(path("named-classes.npz"), x=x, y=np.array(["cat", "dog", "emu", "emu", "cat"]))
expect("named-classes.npz", x)
dtype = [("a", "<f4"), ("b", "<i4", (2,))]
np.savez(path("others.npz"), faces=x, labels=y, names=np.array(["a", "b", "c"]), meta=np.array({"k": 1}, dtype=object),
    waves=x * 1j, table=np.zeros(2, dtype=dtype), when=np.array(["2020-01-01"], dtype="M8[D]"))
expect("others.npz", x, y)
sprites = rng.integers(0, 2, (4, 3, 3)).astype(np.uint8)
np.savez_compressed(path("dsprites.npz"), imgs=sprites, latents_classes=np.zeros((4, 6), dtype=np.int64),
    latents_values=np.zeros((4, 6)), metadata=np.array({"title": "dSprites"}, dtype=object))
expect("dsprites.npz", sprites)
with zipfile.ZipFile(path("lzma-beside.npz"), "w") as z:
    z.writestr("x.npy", npy(x))
    z.writestr("extra.npy", npy(x), zipfile.ZIP_LZMA)
    z.writestr("readme.txt", "no array")
expect("lzma-beside.npz", x)

# Text as numpy.savetxt writes it.
for name, options in {
    "default.amat": {}, "comma.amat": {"delimiter": ","}, "tab.amat": {"delimiter": "\t", "fmt": "%.6f"},
    "semicolon.amat": {"delimiter": "; "},
    "crlf.amat": {"newline": "\r\n"}, "comments.amat": {"header": "three columns\nof numbers", "footer": "end"},
    "whole.amat": {"fmt": "%d"}, "signs.amat": {"fmt": "%+.3e"},
}.items():
    rows = (100 * x).astype(int) if name == "whole.amat" else x
    np.savetxt(path(name), rows, **options)
    expect(name, np.loadtxt(path(name), delimiter=options.get("delimiter", None) and options["delimiter"].strip(" ")
        or None))
with open(path("ragged-blanks.amat"), "w") as f:
    f.write("  1.5\t 2   \n\n -3e-2 4.   # four\n")
expect("ragged-blanks.amat", np.loadtxt(path("ragged-blanks.amat")))

# MATLAB v5: every numeric class, logical, sparse, compressed, zeros behind the last variable, text and a struct beside
# the data.
for code in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"):
    scipy.io.savemat(path(f"class-{code}.mat"), {"x": rng.integers(0, 100, (3, 4)).astype(code)})
    expect(f"class-{code}.mat", scipy.io.loadmat(path(f"class-{code}.mat"))["x"])
scipy.io.savemat(path("logical.mat"), {"x": rng.integers(0, 2, (3, 4)).astype(bool)}, do_compression=True)
expect("logical.mat", scipy.io.loadmat(path("logical.mat"))["x"])
full = np.where(rng.random((4, 3)) < 0.4, rng.normal(size=(4, 3)), 0)
for name, sparse in {"sparse.mat": scipy.sparse.csc_matrix(full), "sparse-logical.mat": scipy.sparse.csc_matrix(
    full != 0), "sparse-empty.mat": scipy.sparse.csc_matrix((4, 3))}.items():
    scipy.io.savemat(path(name), {"x": sparse}, do_compression=name == "sparse.mat")
    expect(name, scipy.io.loadmat(path(name))["x"].toarray())
scipy.io.savemat(path("labelled.mat"), {"X": x, "y": y[:, None].astype(float), "names": np.array(["a", "bb"]), "info": {
    "k": 1.0}, "waves": x * 1j}, do_compression=True)
expect("labelled.mat", x, y)
scipy.io.savemat(path("trailing.mat"), {"x": x})
with open(path("trailing.mat"), "ab") as f:
    f.write(bytes(24))
expect("trailing.mat", x)

# What is refused, with what the message names.
refused = {}
for name, array, word in (("complex.npy", x * 1j, "complex"), ("text.npy", np.array(["a", "b"]), "text"),
    ("dates.npy", np.array(["2020-01-01"], dtype="M8[D]"), "M8"), ("objects.npy", np.array([{}], dtype=object),
        "pickle"), ("structured.npy", np.zeros(2, dtype=dtype), "structured")):
    np.save(path(name), array)
    refused[name] = word
with open(path("two.npy"), "wb") as f:
    np.save(f, x)
    np.save(f, x)
refused["two.npy"] = "a second array follows"
with zipfile.ZipFile(path("lzma-needed.npz"), "w") as z:
    z.writestr("x.npy", npy(x), zipfile.ZIP_LZMA)
    z.writestr("extra.npy", npy(x))
refused["lzma-needed.npz"] = "'x.npy' has an unsupported compression"
np.savez(path("text-needed.npz"), x=np.array(["a", "b"]), other=x)
refused["text-needed.npz"] = "contains text"
scipy.io.savemat(path("version4.mat"), {"x": x}, format="4")
refused["version4.mat"] = "MATLAB version 4"
with open(path("headings.csv"), "w") as f:
    f.write("height,width\n1.5,2\n")
refused["headings.csv"] = "'height' in row 1"
with open(path("missing.csv"), "w") as f:
    f.write("1,2,3\n4,,6\n")
refused["missing.csv"] = "missing"
with open(path("hdf5.h5"), "wb") as f:
    f.write(b"\x89HDF\r\n\x1a\n" + bytes(24))
refused["hdf5.h5"] = "HDF5"
with open(path("pickle.pkl"), "wb") as f:
    f.write(b"\x80\x04K\x01.")
refused["pickle.pkl"] = "pickle"

with open(os.path.join(HERE, "files.json"), "w") as f:
    json.dump({"read": expected, "refused": refused}, f, separators=(",", ":"))
    f.write("\n")
