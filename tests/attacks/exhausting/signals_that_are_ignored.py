"""Idea: every signal that can be ignored or blocked is, in a sleep that nothing ends.
Must: cost its own cell, because SIGKILL cannot be ignored.
"""

import signal
import time

for number in range(1, signal.NSIG):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
END = time.monotonic() + 60
while time.monotonic() < END:
    time.sleep(5)
