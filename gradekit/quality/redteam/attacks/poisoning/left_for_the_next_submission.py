"""Idea: folders that everybody may write to keep answers, modules and traps for those who come next.
Must: be empty for the next one; they are this sandbox's alone.
"""

import glob
import os

for folder in (
    "/tmp",
    "/dev/shm",
    "/var/tmp",
    "/home",
    "/run",
    "/run/lock",
    "/dev/mqueue",
    "/var/crash",
):
    for found in glob.glob(f"{folder}/*gradekit-mark-*"):
        if MARK not in found:
            loot.append(f"another attack left {found}")
    for name in (MARK, f"numpy-{MARK}.py", f"answers-{MARK}.json", f".{MARK}"):
        try:
            with open(f"{folder}/{name}", "x") as file:
                file.write(MARK)
            os.chmod(f"{folder}/{name}", 0o666)
        except OSError:
            pass
