"""Idea: a process moves into another control group, or makes one without limits, and keeps running.
Must: stay in its group and below its limits; no group is left behind.
"""

import glob
import os
import time

tops = ["/sys/fs/cgroup", *glob.glob("/sys/fs/cgroup/**/", recursive=True)[:300]]
tops += [f"/proc/{pid}/root/sys/fs/cgroup" for pid in (1, os.getppid())]
for top in tops:
    for group in (top, f"{top}/{MARK}"):
        try:
            os.makedirs(group, exist_ok=True)
        except OSError:
            pass
        for name in ("cgroup.procs", "tasks", "cgroup.threads"):
            try:
                with open(f"{group}/{name}", "w") as file:
                    file.write(str(os.getpid()))
                loot.append(f"moved by {group}/{name}")
            except OSError:
                pass
    for name in ("memory.max", "pids.max", "memory.limit_in_bytes", "cgroup.subtree_control"):
        try:
            with open(f"{top}/{name}", "w") as file:
                file.write("max")
            loot.append(f"{top}/{name} was raised")
        except OSError:
            pass
time.sleep(0.1)
