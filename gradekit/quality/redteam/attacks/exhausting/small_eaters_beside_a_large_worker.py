"""Idea: many small processes take all memory at once, and the largest one around is the grader.
Must: cost its own cell; when memory is short, the student's processes go first.
"""

import os
import time


def unprotect():
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("0")
    except OSError:
        pass


unprotect()
for folder in ("/dev/shm", "/tmp", os.path.expanduser("~")):
    try:
        with open(f"{folder}/{MARK}", "wb") as file:
            for _ in range(250):
                file.write(bytes(1 << 20))
    except OSError:
        pass
start = time.time() + 1
for _ in range(90):
    if os.fork() == 0:
        unprotect()
        time.sleep(max(0, start - time.time()))
        block = bytearray(b"1") * (25 << 20)
        time.sleep(5)
        os._exit(len(block) % 2)
time.sleep(4)
