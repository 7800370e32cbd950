"""Idea: timers fire thousands of times a second, each in a handler that prints and allocates.
Must: cost its own questions at most.
"""

import signal
import threading
import time

END, kept = time.monotonic() + 25, []


def fire(*_):
    print("x" * 1000)
    kept.append(bytearray(1000))
    if time.monotonic() > END:
        signal.setitimer(signal.ITIMER_REAL, 0)


signal.signal(signal.SIGALRM, fire)
signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002)
for _ in range(20):
    threading.Timer(1, fire).start()
