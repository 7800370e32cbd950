"""Idea: The folder of shared memory looks like a disk, and its files are memory.
Must: Its size is limited and counted; nothing is left of it afterwards.
"""

import os

try:
    for number in range(4):
        with open(f"/dev/shm/{MARK}-{number}", "wb") as file:
            for _ in range(100):
                file.write(bytes(range(256)) * 4096)
except OSError:
    left = os.statvfs("/dev/shm").f_bavail
