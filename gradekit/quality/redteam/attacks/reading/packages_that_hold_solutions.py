"""Idea: an installed package holds the exercise, its solution or the data the holdout is cut from.
Must: find no planted word; the packages are those that every student could install.
"""

import glob
import os
import sys
import time

END = time.monotonic() + 4
for root in [path for path in sys.path if path and os.path.isdir(path)]:
    for pattern in ("*.pth", "*.egg-link", "*/direct_url.json", "gradekit*/**/*", "*.py", "*.txt"):
        for path in glob.glob(os.path.join(root, pattern), recursive=True):
            if os.path.isfile(path) and time.monotonic() < END:
                with open(path, "rb") as file:
                    keep(file.read(1 << 20))
        found = glob.glob(os.path.join(root, "sklearn/datasets/data/digits*"))
        loot.extend(f"the scans of digits are in {path}" for path in found)
