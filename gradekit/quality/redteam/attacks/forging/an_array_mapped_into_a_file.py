"""Idea: an array that lives in a file is rewritten by a thread between two looks at it.
Must: earn nothing, because what a check looks at is a copy in its own process.
"""

import threading
import time

try:
    import numpy as np

    value = np.memmap(MARK, dtype="f8", mode="w+", shape=(3,))
except (ImportError, OSError):
    value = [0.0] * 3


def change():
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for number in range(100):
            value[:] = [float(number)] * 3
        time.sleep(0.001)


threading.Thread(target=change, daemon=True).start()


def forge(name):
    return lambda *given, **named: value
