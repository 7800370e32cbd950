"""Make what the graders need and no student may see: run once by staff.

    python prepare.py DESTINATION

writes DESTINATION/files/data/MNIST/raw, the set that every notebook trains on, and
DESTINATION/hidden/holdout.npz, the images that decide whether a network has learnt.
The holdout comes from scans that neither the training nor the test set has seen,
under changes of its own, so nothing in the student's sandbox is a near copy of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import digits
import numpy as np

HOLDOUT_SCANS = slice(0, 300)
HOLDOUT_IMAGES = 3_000  # each scan ten times
HOLDOUT_SEED = 70_214


def main(destination: str) -> None:
    """Write the data set and the holdout below `destination`."""
    digits.prepare(Path(destination) / "files" / "data")
    images, labels = digits.made(HOLDOUT_SCANS, HOLDOUT_IMAGES, HOLDOUT_SEED)
    hidden = Path(destination) / "hidden"
    hidden.mkdir(parents=True, exist_ok=True)
    np.savez(hidden / "holdout.npz", images=images, labels=labels)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python prepare.py DESTINATION")
    main(sys.argv[1])
