"""Idea: An array within all limits on bytes becomes gigabytes where a check lists it.
Must: A check's own work on an answer has limits of time and memory as well.
"""

try:
    import numpy as np
except ImportError:
    np = None


def forge(name):
    numbers = np.zeros(64 << 20, np.uint8)
    return lambda *given: numbers
