"""Idea: A signal in every microsecond interrupts each call of the system that the kernel makes.
Must: Slow is all that it becomes; the limits are kept by somebody else.
"""

import signal
import time

END = time.monotonic() + 60


def again(*given):
    if time.monotonic() > END:
        signal.setitimer(signal.ITIMER_REAL, 0)


def forge(name):
    signal.signal(signal.SIGALRM, again)
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
    return lambda *given: signal.siginterrupt(signal.SIGALRM, True)
