"""Idea: fresh memory and fresh blocks of files may still hold what others had in them.
Must: find no planted word; the system clears what it hands out.
"""

import mmap
import os
import re


def search(data):
    keep(b" ".join(re.findall(rb"canary[0-9a-f]{18}[0-9x]*", data)))


for _ in range(4):
    with mmap.mmap(-1, 32 << 20) as area:
        search(area)
try:
    import numpy as np

    for size in (1 << 10, 1 << 16, 1 << 20, 32 << 20):
        for _ in range(8):
            search(np.empty(size, "u1").data)
except ImportError:
    pass
for folder in ("/tmp", "/dev/shm", os.path.expanduser("~")):
    try:
        path = os.path.join(folder, f"{MARK}-blocks")
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        os.posix_fallocate(number, 0, 4 << 20)
        search(os.pread(number, 4 << 20, 0))
        os.close(number)
    except OSError:
        pass
