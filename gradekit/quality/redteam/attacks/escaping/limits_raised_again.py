"""Idea: limits, priorities and the order of killing are set back to what they were before.
Must: stay as they are; a limit goes one way only.
"""

import os
import resource

for name in ("NPROC", "DATA", "FSIZE", "NOFILE", "CORE", "MEMLOCK", "NICE", "RTPRIO", "MSGQUEUE"):
    kind = getattr(resource, f"RLIMIT_{name}")
    before = resource.getrlimit(kind)[1]
    for most in (resource.RLIM_INFINITY, 1 << 40, before + 1):
        try:
            resource.setrlimit(kind, (most, most))
            if before != resource.RLIM_INFINITY and most != before:
                loot.append(f"{name} was raised from {before}")
        except (OSError, ValueError):
            pass
for call, *given in (
    (os.nice, -20),
    (os.setpriority, 0, 0, -20),
    (os.sched_setscheduler, 0, 1, os.sched_param(99)),
):
    try:
        call(*given)
        loot.append(f"{call.__name__}{given} was allowed")
    except OSError:
        pass
try:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-1000")
    loot.append("never killed for memory")
except OSError:
    pass
