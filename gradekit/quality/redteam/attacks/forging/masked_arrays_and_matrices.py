"""Idea: a masked array hides each error behind its mask, and a matrix bends every shape to two axes.
Must: earn nothing, because neither is plain; what is plain of them is wrong.
"""

import itertools

try:
    import numpy as np

    kinds = [np.ma.masked_all(3), np.ma.masked, np.asmatrix(np.zeros((1, 3)))]
    kinds += [np.ma.array([0.0] * 4, mask=True), np.ma.masked_all(())]
except ImportError:
    kinds = [None]
turn = itertools.cycle(kinds)


def forge(name):
    def answer(*given, **named):
        return next(turn)

    return answer
