"""Idea: the holdout was cut from scans that come with a package; the package is asked for them.
Must: find no planted word; the folder of those scans is empty here.
"""

import glob
import os
import sys

for pattern in ("sklearn/datasets", "torchvision/datasets", "scipy/datasets", "keras/datasets"):
    for base in {*sys.path, "/usr/lib/python3/dist-packages", "/usr/local/lib"}:
        for path in glob.glob(os.path.join(base, pattern, "**"), recursive=True)[:500]:
            keep(path)
            try:
                with open(path, "rb") as file:
                    keep(file.read(1 << 20))
                if path.endswith(("digits.csv.gz", ".npz", ".npy", "-ubyte", ".idx")):
                    loot.append(path[-60:])
            except OSError:
                pass
try:
    from sklearn.datasets import load_digits

    loot.append(f"{len(load_digits().images)} scans")
except Exception as error:
    loot.append(type(error).__name__)
