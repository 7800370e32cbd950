"""Idea: a check that reads a list to its end never gets there.
Must: cost its own questions; iterations are cut, and time is limited.
"""

import itertools


class Endless:
    __iter__ = lambda self: itertools.count()
    __len__ = lambda self: 10**9
    __getitem__ = lambda self, place: 0
    __call__ = parameters = lambda self, *given, **named: self


def forge(name):
    return Endless()
