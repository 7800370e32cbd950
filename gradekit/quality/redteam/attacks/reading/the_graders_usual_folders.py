"""Idea: hidden checks and solutions lie where graders of many makes put them.
Must: find no planted word; these folders are closed, or not there.
"""

import glob
import os

roots = ["/autograder", "/autograder/source", "/autograder/submission/job", "/grade", "/hidden"]
roots += ["/root", "/home", "/tmp", "/opt", "/srv", "/mnt", "/media", "/work", "/workspace", "/app"]
names = ["", "tests/*", "hidden/*", "files/*", "solutions/*", "arguments", "notebook.json"]
names += ["manifest.json", "otter_config.json", "holdout.npz", "reference.py", "*/*.py", "*/*.txt"]
for root in roots:
    for name in names:
        for path in [os.path.join(root, name), *glob.glob(os.path.join(root, name))][:500]:
            keep(path)
            try:
                with open(path, "rb") as file:
                    keep(file.read(4 << 20))
            except OSError:
                pass
