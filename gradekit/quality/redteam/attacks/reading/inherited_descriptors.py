"""Idea: what the launcher left open, pipes and sockets to the grader included, is read and listed.
Must: find no planted word; only the kernel's own sockets and its standard streams are open.
"""

import fcntl
import os
import stat

for number in range(1024):
    try:
        kind = os.fstat(number).st_mode
        keep(os.readlink(f"/proc/self/fd/{number}"))
    except OSError:
        continue
    if stat.S_ISDIR(kind):
        loot.append(f"descriptor {number} is the folder {os.readlink(f'/proc/self/fd/{number}')}")
    try:
        if stat.S_ISREG(kind):
            keep(os.pread(number, 4 << 20, 0))
        elif stat.S_ISFIFO(kind):
            copy = os.open(f"/proc/self/fd/{number}", os.O_RDONLY | os.O_NONBLOCK)
            keep(os.read(copy, 1 << 20))
    except OSError:
        pass
