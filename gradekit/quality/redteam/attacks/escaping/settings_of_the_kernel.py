"""Idea: files below /proc/sys, /sys and the control groups change the whole machine.
Must: be written by nobody here.
"""

import glob
import os

names = [
    "kernel/core_pattern",
    "kernel/modprobe",
    "kernel/sysrq",
    "kernel/hostname",
    "vm/drop_caches",
]
names += ["fs/binfmt_misc/register", "kernel/panic", "vm/overcommit_memory"]
paths = [f"/proc/sys/{name}" for name in names] + ["/proc/sysrq-trigger", "/proc/acpi"]
paths += [
    "/sys/kernel/uevent_helper",
    "/sys/power/state",
    "/sys/module",
    "/proc/irq/0/smp_affinity",
]
for pattern in (
    "cgroup.procs",
    "release_agent",
    "memory.max",
    "pids.max",
    "*/cgroup.procs",
    "*/*.max",
):
    paths += glob.glob(f"/sys/fs/cgroup/{pattern}") + glob.glob(f"/sys/fs/cgroup/*/{pattern}")
for path in paths:
    try:
        number = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        loot.append(f"{path} can be written")
        os.close(number)
    except OSError:
        pass
try:
    os.mkdir(f"/sys/fs/cgroup/{MARK}")
    loot.append("a control group was made")
except OSError:
    pass
