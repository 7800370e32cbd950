"""Idea: processes fork as fast as they can, in new sessions and groups, up to three hundred.
Must: end at the limit of processes; every one is gone when the kernel is.
"""

import os
import time

END = time.monotonic() + 20
for _ in range(300):
    try:
        if os.fork() == 0:
            os.setsid()
            os.execv("/bin/sh", ["sh", "-c", "sleep 20; exit", MARK])
    except OSError:
        time.sleep(0.02)
    if time.monotonic() > END:
        break
