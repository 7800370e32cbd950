"""Idea: empty files until the file system has no more entries, and the kernel ends itself.
Must: cost its own questions; the next kernel can make its home.
"""

import os
import time

END = time.monotonic() + 4
for folder in (os.path.expanduser("~"), "/tmp", "/dev/shm"):
    try:
        for number in range(33_000):
            os.mknod(f"{folder}/{MARK}-{number}")
            if time.monotonic() > END:
                break
    except OSError:
        pass
os._exit(0)
