"""Idea: the interpreter often lies inside the checkout of a project, beside its solutions.
Must: find no planted word; above the interpreter only empty folders can be seen.
"""

import os
import sys
import time

END, seen = time.monotonic() + 4, 0
for start in {sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(sys.executable)}:
    above = start
    while above != os.path.dirname(above) and os.path.dirname(above) != "/":
        above = os.path.dirname(above)
        for folder, folders, names in os.walk(above):
            folders[:] = [name for name in folders if os.path.join(folder, name) != start]
            for name in names[:500]:
                seen += 1
                if seen > 4000 or time.monotonic() > END or folder.startswith(start):
                    break
                keep(os.path.join(folder, name))
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        keep(file.read(1 << 20))
                except OSError:
                    pass
