"""Idea: Files in memory and shared maps hold bytes that no process is blamed for.
Must: The group or container holds them together, and the host's memory is as before.
"""

import mmap
import os

kept = [os.memfd_create(MARK) for _ in range(7)]
for file in kept:  # 1.75 GiB, in no process's resident memory
    try:
        for _ in range(255):
            os.write(file, bytes(1 << 20))
    except OSError:
        continue
shared = mmap.mmap(-1, 256 << 20)
for place in range(0, len(shared), 4096):
    shared[place] = 1
