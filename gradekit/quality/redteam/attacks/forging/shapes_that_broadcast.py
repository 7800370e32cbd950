"""Idea: one number in an array of shape (1,) or () is compared with all expected ones at once.
Must: earn nothing from checks that compare shapes before values.
"""

import itertools

try:
    import numpy as np

    shapes = [(), (1,), (1, 1), (1, 1, 1), (3, 1), (1, 3)]
    kinds = [np.full(shape, value) for value in (0.0, 0.5, 3.0) for shape in shapes]
except ImportError:
    kinds = [0.0, [0.0], [[0.0]]]
turn = itertools.cycle(kinds)


def forge(name):
    return lambda *given, **named: next(turn)
