"""Idea: anonymous shared mappings count for no process's data limit.
Must: cost its own cell at most; the system counts them for all together.
"""

import mmap

kept = []
for _ in range(24):
    kept.append(mmap.mmap(-1, 128 << 20))
    for page in range(0, 128 << 20, 4096):
        kept[-1][page] = 1
