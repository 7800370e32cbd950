"""Idea: hundreds of zombies fill the table of processes.
Must: end at the limit of processes, and be reaped with the kernel.
"""

import os
import time

for _ in range(300):
    try:
        if os.fork() == 0:
            os._exit(0)
    except OSError:
        break
time.sleep(2)


def forge(name):
    return lambda *given, **named: os.fork()
