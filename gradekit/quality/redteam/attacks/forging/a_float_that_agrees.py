"""Idea: a subclass of float calls itself right in every comparison, and every difference zero.
Must: earn nothing, because only exact types travel by value.
"""


class Right(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __sub__ = __rsub__ = __abs__ = lambda self, *other: Right(0)
    __hash__ = float.__hash__
    __call__ = lambda self, *given, **named: self
    __iter__ = lambda self: iter([self] * 3)


def forge(name):
    return Right(0.5)
