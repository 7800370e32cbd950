"""Idea: /proc/PID/root and /proc/PID/cwd lead into the file systems that others see.
Must: find no planted word; these links lead nowhere for us.
"""

import os
import time

END = time.monotonic() + 4
for pid in [name for name in os.listdir("/proc") if name.isdigit()]:
    for start in (f"/proc/{pid}/root/autograder", f"/proc/{pid}/root/tmp", f"/proc/{pid}/cwd"):
        for folder, folders, names in os.walk(start):
            if time.monotonic() > END:
                break
            for name in names:
                keep(name)
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        keep(file.read(1 << 20))
                except OSError:
                    pass
