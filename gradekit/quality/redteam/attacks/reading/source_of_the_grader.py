"""Idea: the grader's own package, its metadata and its neighbours are read where they are.
Must: find no planted word; the program is public, and nothing of an assignment is in it.
"""

import importlib.metadata
import importlib.util
import os
import time

END = time.monotonic() + 4
for name in ("gradekit", "gradekit_attacks", "otter", "nbgrader", "reference", "helpers"):
    try:
        places = importlib.util.find_spec(name).submodule_search_locations or []
    except Exception:
        places = []
    for place in places:
        for folder, _, names in os.walk(os.path.join(place, "..") if "kit" in name else place):
            for entry in names[:200]:
                if time.monotonic() < END and ("kit" in folder or "kit" in entry):
                    try:
                        with open(os.path.join(folder, entry), "rb") as file:
                            keep(file.read(1 << 20))
                    except OSError:
                        pass
for found in importlib.metadata.distributions():
    for name in ("direct_url.json", "METADATA", "RECORD", "entry_points.txt", "INSTALLER"):
        try:
            keep(found.read_text(name) or "")
        except Exception:
            pass
