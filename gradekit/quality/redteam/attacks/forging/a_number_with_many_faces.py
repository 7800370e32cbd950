"""Idea: conversion to float, int, index and text gives another value each time it is asked for.
Must: earn nothing, because no conversion is forwarded.
"""

import itertools


class Dice:
    counter = itertools.count()
    __float__ = lambda self: float(next(self.counter))
    __int__ = __index__ = __len__ = lambda self: next(self.counter)
    __complex__ = lambda self: complex(next(self.counter))
    __round__ = __trunc__ = lambda self, *digits: next(self.counter)
    __str__ = __repr__ = lambda self: str(next(self.counter))
    __format__ = lambda self, how: "0"
    __call__ = __getitem__ = lambda self, *given, **named: self


def forge(name):
    return Dice()
