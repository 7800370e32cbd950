"""Idea: The folder of homes is filled with every home that the next kernel could be given.
Must: A new kernel starts all the same: what came before it has no part in where it lives.
"""

import os
import time

END = time.monotonic() + 40
for number in range(20_000, 60_000):
    try:
        os.mkdir(f"/home/s{number}")
    except OSError:
        continue
    if time.monotonic() > END:
        break


def forge(name):
    return lambda *given: os._exit(0)


os._exit(0)
