"""Idea: limits, priorities and processors of the grader are made so small that it cannot work.
Must: change nothing of a process of another user.
"""

import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
for pid in {1, os.getppid(), *pids} - {os.getpid()}:
    for kind in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):
        try:
            resource.prlimit(pid, kind, (1, 1))
            loot.append(f"limit {kind} of {pid}")
        except (OSError, ValueError):
            pass
    for ask in (
        lambda: os.setpriority(os.PRIO_PROCESS, pid, 19),
        lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),
        lambda: os.sched_setaffinity(pid, [0]),
        lambda: open(f"/proc/{pid}/oom_score_adj", "w").write("1000"),
        lambda: open(f"/proc/{pid}/coredump_filter", "w").write("0x7f"),
        lambda: open(f"/proc/{pid}/comm", "w").write(MARK[-15:]),
        lambda: open(f"/proc/{pid}/clear_refs", "w").write("1"),
    ):
        try:
            ask()
        except OSError:
            pass
    libc.syscall(251, 1, pid, 3 << 13)  # ioprio_set
