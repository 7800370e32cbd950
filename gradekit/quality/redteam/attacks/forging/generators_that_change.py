"""Idea: an iterator gives other items each time, longer and shorter, and is its own iterator.
Must: earn nothing; iteration is read once, item by item, up to a limit.
"""

import itertools


class Stream:
    rounds = itertools.count(1)

    def __iter__(self):
        length = next(self.rounds) % 5
        return iter([float(length)] * length)

    __len__ = lambda self: next(self.rounds)
    __getitem__ = lambda self, place: [0.0, 1.0, True, None][next(self.rounds) % 4]
    __call__ = parameters = lambda self, *given, **named: self
    __reversed__ = __iter__


def forge(name):
    return Stream()
