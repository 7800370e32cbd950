"""Idea: /proc/PID/task shows each thread, with environments and roots that a filter may forget.
Must: find no planted word; other users' threads are as closed as their processes.
"""

import os

for pid in range(1, 400):
    for task in (pid, pid + 1):
        for name in ("environ", "cmdline", "stack", "syscall", "maps", "attr/current", "loginuid"):
            try:
                with open(f"/proc/{pid}/task/{task}/{name}", "rb") as file:
                    keep(file.read(1 << 20))
            except OSError:
                pass
        try:
            for name in os.listdir(f"/proc/{pid}/task/{task}/root/autograder/source"):
                keep(name)
                loot.append(f"/proc/{pid}/task/{task}/root shows {name}")
        except OSError:
            pass
