"""Make a small set of handwritten digits in the file format of MNIST.

The exercise trains on MNIST, which cannot be downloaded everywhere. So this
module writes a stand-in under the names that torchvision's `MNIST` looks for:
scans that ship with scikit-learn, enlarged to 20 x 20 pixels in a 28 x 28 frame
and slightly deformed. Files that are already there, real or ours, stay as they are.

    python digits.py [FOLDER]      writes FOLDER/MNIST/raw, default "data"

Every run writes the same bytes: the random stream is NumPy's frozen
`RandomState`, and the arithmetic uses no function that may differ by a rounding.
"""

from __future__ import annotations

import importlib
import struct
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]

# Neighbouring scans share a writer, so the sets are cut in file order.
TRAIN_SCANS = slice(597, 1797)
TEST_SCANS = slice(300, 597)
TRAIN_IMAGES, TEST_IMAGES = 12_000, 2_000
TRAIN_SEED, TEST_SEED = 1, 2

FRAME = 28  # pixels on a side of an image
ENLARGE = 20 / 8  # a scan of 8 x 8 becomes 20 x 20 pixels
BEND = 0.12  # largest change of an entry of the affine matrix
SHIFT = 2.0  # largest shift, pixels
BATCH = 1_000  # images drawn at once, to bound the memory


def scans(part: slice) -> tuple[NDArray[np.float64], Labels]:
    """Return scikit-learn's scans, (M, 8, 8) with values 0 to 16, and their labels."""
    # Imported here: where the files exist already, scikit-learn need not be installed.
    digits = importlib.import_module("sklearn.datasets").load_digits()
    return digits.images[part], digits.target[part].astype(np.uint8)


def deformed(images: NDArray[np.float64], count: int, seed: int) -> Images:
    """Return `count` deformed copies of 8 x 8 scans, in turn, shape (count, 28, 28).

    Copy k shows scan k mod M under the affine map  source = A (p - centre - t) / 2.5,
    with A within `BEND` of the identity and t within `SHIFT` pixels.
    """
    random = np.random.RandomState(seed)
    parts = []
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        bend = np.eye(2) + BEND * (2 * random.random_sample((size, 2, 2)) - 1)
        shift = SHIFT * (2 * random.random_sample((size, 2)) - 1)
        chosen = images[np.arange(start, start + size) % len(images)]
        parts.append(_drawn(chosen, bend, shift))
    return np.concatenate(parts)


def _drawn(
    scan: NDArray[np.float64], bend: NDArray[np.float64], shift: NDArray[np.float64]
) -> Images:
    """Return one 28 x 28 image for each scan: bilinear, black outside the scan."""
    axis = np.arange(FRAME) - (FRAME - 1) / 2
    row = axis[None, :, None] - shift[:, 0, None, None]  # (B, 28, 1)
    column = axis[None, None, :] - shift[:, 1, None, None]  # (B, 1, 28)
    a = bend[:, :, :, None, None]
    # One black pixel all round, so that a position outside the scan reads 0.
    y = np.clip((a[:, 0, 0] * row + a[:, 0, 1] * column) / ENLARGE + 4.5, 0, 8.999)
    x = np.clip((a[:, 1, 0] * row + a[:, 1, 1] * column) / ENLARGE + 4.5, 0, 8.999)
    top, left = y.astype(np.int64), x.astype(np.int64)
    down, right = y - top, x - left
    padded = np.pad(scan, ((0, 0), (1, 1), (1, 1)))
    b = np.arange(len(scan))[:, None, None]
    upper = padded[b, top, left] * (1 - right) + padded[b, top, left + 1] * right
    lower = padded[b, top + 1, left] * (1 - right) + padded[b, top + 1, left + 1] * right
    value = upper * (1 - down) + lower * down  # (B, 28, 28), 0 to 16
    return np.floor(value * (255 / 16) + 0.5).astype(np.uint8)


def made(part: slice, count: int, seed: int) -> tuple[Images, Labels]:
    """Return `count` images, (count, 28, 28), and their labels, (count,)."""
    images, labels = scans(part)
    return deformed(images, count, seed), labels[np.arange(count) % len(labels)]


def write_idx(path: Path, values: NDArray[np.uint8]) -> None:
    """Write bytes in MNIST's IDX format: magic number, sizes, values."""
    header = struct.pack(f">{1 + values.ndim}I", 0x0800 + values.ndim, *values.shape)
    path.write_bytes(header + values.tobytes())


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Return the array in an IDX file of bytes."""
    content = path.read_bytes()
    (magic,) = struct.unpack(">I", content[:4])
    if magic not in (0x0801, 0x0803):
        raise ValueError(
            f"{path} starts with {magic:#06x}, so it is not a set of MNIST. Delete it."
        )
    axes = magic - 0x0800
    shape = struct.unpack(f">{axes}I", content[4 : 4 + 4 * axes])
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * axes).reshape(shape)


def read_set(folder: str | Path, name: str) -> tuple[Images, Labels]:
    """Return images and labels of the set "train" or "t10k" below `folder`."""
    raw = Path(folder) / "MNIST" / "raw"
    images = read_idx(raw / f"{name}-images-idx3-ubyte")
    return images, read_idx(raw / f"{name}-labels-idx1-ubyte")


def prepare(folder: str | Path = "data") -> bool:
    """Write both sets below `folder` unless all four files exist; say whether we did."""
    raw = Path(folder) / "MNIST" / "raw"
    names = [f"{s}-{k}-ubyte" for s in ("train", "t10k") for k in ("images-idx3", "labels-idx1")]
    if all((raw / name).exists() or (raw / f"{name}.gz").exists() for name in names):
        return False
    raw.mkdir(parents=True, exist_ok=True)
    train = made(TRAIN_SCANS, TRAIN_IMAGES, TRAIN_SEED)
    test = made(TEST_SCANS, TEST_IMAGES, TEST_SEED)
    for name, values in zip(names, (*train, *test), strict=True):
        write_idx(raw / name, values)
    return True


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else "data"
    state = "written" if prepare(target) else "already there, left unchanged"
    print(f"{target}/MNIST/raw: {state}")
