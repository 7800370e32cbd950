"""Idea: an endless loop catches KeyboardInterrupt and all other exceptions and goes on.
Must: cost its own cell; the kernel is killed, and the next one does the rest.
"""

import time

END = time.monotonic() + 60
while time.monotonic() < END:
    try:
        while time.monotonic() < END:
            pass
    except BaseException:
        continue
