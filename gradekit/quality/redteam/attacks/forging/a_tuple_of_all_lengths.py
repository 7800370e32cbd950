"""Idea: a tuple equals every tuple, so that every shape compares as the right one.
Must: earn nothing, because shapes of arrays are read from plain arrays alone.
"""


class Shape(tuple):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = tuple.__hash__
    __len__ = lambda self: 0


class Array:
    shape, ndim, size, dtype = Shape(), 0, 1, "float64"
    tolist = numpy = detach = cpu = lambda self: self
    __call__ = __getitem__ = lambda self, *given, **named: self
    __iter__ = lambda self: iter(Shape((self, self)))


def forge(name):
    return Array()
