"""Idea: files in memory that are written and never mapped are in no process's count.
Must: cost its own cell at most; the worker is not the one who is killed for it.
"""

import os
import threading
import time

try:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("0")
except OSError:
    pass
block, kept = os.urandom(1 << 20), []


def take():
    for _ in range(14):
        kept.append(os.memfd_create(MARK))
        for _ in range(200):
            os.write(kept[-1], block)


threading.Thread(target=take, daemon=True).start()
time.sleep(4)


def forge(name):
    return lambda *given, **named: time.sleep(3.5)
