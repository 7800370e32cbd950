"""Idea: an iterator never ends, and each of its items is as large as one answer may be.
Must: cost its own questions; what a check takes in altogether is limited.
"""

import itertools


class Flood:
    def __iter__(self):
        return itertools.repeat(bytes(60 << 20), 500)

    __call__ = parameters = lambda self, *given, **named: self
    __getitem__ = lambda self, key: bytes(60 << 20)


def forge(name):
    return Flood()
