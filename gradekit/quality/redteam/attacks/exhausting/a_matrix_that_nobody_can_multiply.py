"""Idea: One product of large matrices in threads of C, which no interrupt reaches.
Must: The kernel is killed after the limit of the call, and its threads with it.
"""

import signal

try:
    import numpy as np
except ImportError:
    np = None


def forge(name):
    def answer(*given):
        signal.alarm(60)
        matrix = np.ones((5_000, 5_000), np.float32)
        for _ in range(10**6):
            matrix = matrix @ matrix % 7
        return matrix

    return answer
