"""Idea: a descriptor gives the right type at the first look and another value at the second.
Must: earn nothing, because a value is fetched once and checked as it arrived.
"""

import itertools


class Changing:
    def __init__(self):
        self.turn = itertools.cycle([1, 1.0, [0.0], True, "x", lambda *given: 0, self])

    __get__ = lambda self, holder, kind: next(self.turn)


class Holder:
    for word in ("weight", "bias", "shape", "dtype", "grad", "training", "data", "lr", "calls"):
        locals()[word] = Changing()
    __call__ = lambda self, *given, **named: self
    __getattr__ = lambda self, name: Changing().__get__(self, None)


def forge(name):
    return Holder()
