"""Idea: /tmp, /dev/shm, /home and /var/tmp hold what other submissions and the worker left there.
Must: find no planted word; these are file systems of this sandbox alone.
"""

import os

for root in (
    "/tmp",
    "/dev/shm",
    "/home",
    "/var/tmp",
    "/run",
    "/run/lock",
    "/dev/mqueue",
    "/var/lib",
):
    for folder, folders, names in os.walk(root):
        for name in [*names, *folders]:
            path = os.path.join(folder, name)
            keep(path)
            if "gradekit-mark" in path and MARK not in path:
                loot.append(f"another attack left {path}")
            try:
                if os.path.isfile(path) and os.path.getsize(path) < 4 << 20:
                    with open(path, "rb") as file:
                        keep(file.read())
            except OSError:
                pass
