"""Idea: the worker is root: its user and its capabilities are asked for in every way.
Must: stay the same user without a capability.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
calls = [
    (os.setuid, 0),
    (os.seteuid, 0),
    (os.setgid, 0),
    (os.setresuid, 0, 0, 0),
    (os.setreuid, 0, 0),
]
calls += [(os.setgroups, [0]), (os.chroot, "/tmp"), (libc.prctl, 8, 1), (libc.setfsuid, 0)]
for call, *given in calls:
    try:
        call(*given)
    except OSError:
        pass
libc.prctl(38, 0, 0, 0, 0)
with open("/proc/self/status") as file:
    status = dict(line.split(":\t", 1) for line in file if ":\t" in line)
if 0 in (os.getuid(), os.geteuid()) or "\t0\t" in status["Uid"]:
    loot.append("root")
if int(status["CapEff"], 16) or int(status["CapPrm"], 16):
    loot.append(f"capabilities {status['CapEff'].strip()}")
