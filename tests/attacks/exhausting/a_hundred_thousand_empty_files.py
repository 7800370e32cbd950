"""Idea: Files without a byte in them cost a disk nothing but its table of contents.
Must: Their number is limited or gone with the sandbox, and takes nobody's time to remove.
"""

import os
import time

END = time.monotonic() + 60
for folder in (os.path.expanduser("~"), "/tmp", "/dev/shm"):
    deep = os.path.join(folder, MARK)
    try:
        os.makedirs(deep, exist_ok=True)
        for number in range(33_000):
            os.close(os.open(f"{deep}/{number}", os.O_CREAT))
            if time.monotonic() > END:
                break
    except OSError:
        continue
