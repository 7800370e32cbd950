"""Idea: Ten gigabytes without memory: strides of zero, and shapes with a zero beside billions.
Must: Their size is looked at before their bytes are copied, over there and over here.
"""

try:
    import numpy as np
except ImportError:
    np = None


def forge(name):
    def answer(*given):
        shapes = [(1 << 40,), (10_000, 1 << 20), (0, 1 << 40), (1,) * 32, (1 << 20, 0, 9)]
        return np.broadcast_to(np.float64(0), shapes[len(given[0]) % 5])

    return np.broadcast_to(np.int64(7), (1 << 40,)) if "position" in name else answer
