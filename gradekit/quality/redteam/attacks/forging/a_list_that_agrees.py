"""Idea: a list equals every list, is of every length, and holds itself in each place.
Must: earn nothing; iterating it yields references, not right values.
"""


class Full(list):
    __eq__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __len__ = lambda self: 3
    __getitem__ = lambda self, place: self
    __iter__ = lambda self: iter([self, self, self])
    __call__ = lambda self, *given, **named: self
    sort = index = count = lambda self, *given: 0


def forge(name):
    return Full()
