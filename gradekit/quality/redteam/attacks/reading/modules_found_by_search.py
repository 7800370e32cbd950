"""Idea: packages are searched for modules whose names promise references, thresholds or solutions.
Must: find no planted word; the modules of hidden checks cannot be imported here.
"""

import importlib
import os
import pkgutil
import sys

WORDS = ("reference", "threshold", "holdout", "solution", "hidden", "answers", "secret", "canary")
sys.path += ["/autograder/source", "/autograder/source/hidden", "/autograder/source/tests"]
for module in list(pkgutil.iter_modules())[:5000]:
    if not module.name.lower().startswith(WORDS):
        continue
    try:
        found = importlib.import_module(module.name)
        loot.append(module.name)
        keep(repr(vars(found))[:500_000])
        with open(found.__file__, "rb") as file:
            keep(file.read(1 << 20))
    except BaseException:
        pass
for name in WORDS:
    try:
        keep(repr(vars(importlib.import_module(name)))[:500_000])
    except BaseException:
        pass
for folder in sys.path:
    try:
        keep(repr(os.listdir(folder)))
    except OSError:
        pass
