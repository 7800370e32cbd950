"""Idea: arrays of records and of objects run code of ours for each element that is compared.
Must: earn nothing, because only arrays of plain numbers travel by value.
"""

import itertools


class Equal:
    __eq__ = __le__ = __lt__ = lambda self, other: True
    __sub__ = __rsub__ = __abs__ = lambda self, *other: self
    __float__ = lambda self: 0.0
    __hash__ = object.__hash__


try:
    import numpy as np

    objects = np.array([Equal() for _ in range(3)], dtype=object)
    records = np.zeros(3, dtype=[("x", "f8"), ("y", "O")])
    kinds = [objects, records, records.view(np.recarray), np.zeros((), dtype=object)]
except ImportError:
    kinds = [[Equal()] * 3]
turn = itertools.cycle(kinds)


def forge(name):
    return lambda *given, **named: next(turn)
