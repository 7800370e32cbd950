"""Idea: secrets travel in environments, command lines and names of processes.
Must: find no planted word; other processes are not there, not ours, or have none.
"""

import os

for pid in [name for name in os.listdir("/proc") if name.isdigit()] + ["self", "thread-self"]:
    for name in (
        "environ",
        "cmdline",
        "comm",
        "stat",
        "status",
        "auxv",
        "wchan",
        "cgroup",
        "sched",
    ):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                keep(file.read(1 << 20))
        except OSError:
            pass
