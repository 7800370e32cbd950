"""Idea: what was dropped is asked for again: capabilities, secure bits, groups, dumpability.
Must: get nothing back, whatever is asked.
"""

import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
for version in (0x20080522, 0x20071026, 0x19980330):
    header, all_of_them = struct.pack("Ii", version, 0), b"\xff" * 24
    libc.capset(header, all_of_them)
for number in range(41):
    libc.prctl(24, number, 0, 0, 0)
    libc.prctl(47, 2, number, 0, 0)  # PR_CAP_AMBIENT_RAISE
for option, value in ((8, 1), (28, 0), (4, 1), (38, 0), (22, 0), (0x59616D61, -1)):
    libc.prctl(option, value, 0, 0, 0)
for ask in (
    lambda: os.setresuid(0, 0, 0),
    lambda: os.setresgid(0, 0, 0),
    lambda: os.setgroups([0, 4, 6, 27, 999]),
    lambda: os.setreuid(-1, 0),
):
    try:
        ask()
        loot.append("another user now")
    except OSError:
        pass
libc.setfsuid(0)
with open("/proc/self/status") as file:
    loot.extend(line.strip() for line in file if line.startswith(("CapEff", "CapPrm", "Seccomp:")))
try:
    with open("/etc/shadow") as file:
        keep(file.read())
except OSError:
    pass
