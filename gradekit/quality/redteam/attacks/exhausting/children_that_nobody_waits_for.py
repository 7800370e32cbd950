"""Idea: Ended children stay in the table of processes until somebody asks for them.
Must: They count as processes, and they are gone with the sandbox.
"""

import os
import time

END = time.monotonic() + 20
zombies = 0
while zombies < 300 and time.monotonic() < END:
    try:
        if os.fork() == 0:
            os._exit(0)
        zombies += 1
    except OSError:
        break


def forge(name):
    return os.fork() and zombies  # with the table full, not even this works
