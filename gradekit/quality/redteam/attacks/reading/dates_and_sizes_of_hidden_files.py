"""Idea: stat, access and the time they take tell whether a hidden file exists, and how large it is.
Must: find no planted word; folders that are closed tell nothing of what is in them.
"""

import os
import time

names = ["tests", "hidden", "hidden/canary.txt", "tests/canary.txt", "hidden/reference.py"]
names += ["hidden/holdout.npz", "hidden/thresholds.json", "manifest.json", "seed"]
for root in ("/autograder/source", "/autograder", "/autograder/files/..", "/autograder/submission"):
    for name in names:
        path = os.path.join(root, name)
        start = time.perf_counter()
        try:
            facts = os.stat(path)
            loot.append(f"{path} has {facts.st_size} bytes")
            with open(path, "rb") as file:
                keep(file.read(4 << 20))
        except OSError as error:
            loot.append(f"{path}: {error.errno}, {1e6 * (time.perf_counter() - start):.0f} us")
