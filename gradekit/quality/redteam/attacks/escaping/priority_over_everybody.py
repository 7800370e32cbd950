"""Idea: a process asks for real time, the best priority, all processors, locked memory, no oom.
Must: get none of it; others on the machine keep their share.
"""

import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
for pid in (0, os.getppid(), 1):
    for ask in (
        lambda: os.setpriority(os.PRIO_PROCESS, pid, -20),
        lambda: os.sched_setscheduler(pid, os.SCHED_FIFO, os.sched_param(99)),
        lambda: os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1)),
        lambda: os.sched_setaffinity(pid, range(os.cpu_count())) if pid else None,
    ):
        try:
            ask()
        except OSError:
            pass
    libc.syscall(251, 1, pid, (1 << 13) | 0)  # ioprio_set
    for name, text in (("oom_score_adj", "-1000"), ("oom_adj", "-17"), ("timerslack_ns", "1")):
        try:
            with open(f"/proc/{pid or 'self'}/{name}", "w") as file:
                file.write(text)
            if pid:
                loot.append(f"{name} of {pid} was written")
        except OSError:
            pass
    for kind in range(16):
        try:
            resource.prlimit(pid, kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            pass
libc.mlockall(1)
libc.munlockall()
