"""Idea: files are opened until no more can be, and kept open while the checks run.
Must: cost its own questions; the worker's descriptors are its own.
"""

import os

kept = []
try:
    while len(kept) < 100_000:
        kept.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass


def forge(name):
    return lambda *given, **named: os.open("/dev/null", os.O_RDONLY)
