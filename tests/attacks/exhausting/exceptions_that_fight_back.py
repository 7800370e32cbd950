"""Idea: an exception's text, type, name and traceback run code that never ends or raises more.
Must: cost its questions; the text of an exception is asked for within the time of the call.
"""

import itertools
import time


class Name(str):
    __getitem__ = __str__ = lambda self, *key: time.sleep(60) or "x"


class Fighting(Exception):
    def __str__(self):
        time.sleep(3)
        raise Fighting

    __repr__ = __reduce__ = __str__
    __class__ = property(lambda self: time.sleep(60))
    __traceback__ = __cause__ = property(lambda self: self)


class Chained(Exception):
    __str__ = lambda self: "x" * (300 << 20)


Endless = type("Endless", (Exception,), {"__str__": lambda self: str(self)})
turn = itertools.cycle([Fighting, Chained, Endless, ExceptionGroup("x", [ValueError()] * 10**6)])


def forge(name):
    def answer(*given, **named):
        raise next(turn)

    return answer
