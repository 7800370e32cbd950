"""Idea: SIGALRM interrupts the kernel a hundred times a second, and its handler moves the goal.
Must: earn nothing; values are copies once they have been fetched.
"""

import itertools
import signal
import time

state, turn, end = {}, itertools.cycle([0, 1, True, [], [0.0] * 3, ""]), time.monotonic() + 40


def change(*_):
    for name in state:
        get_ipython().user_ns[name] = next(turn)
    if time.monotonic() > end:
        signal.setitimer(signal.ITIMER_REAL, 0)


signal.signal(signal.SIGALRM, change)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)


def forge(name):
    state[name] = name
    return lambda *given, **named: next(turn)
