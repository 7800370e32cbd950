"""Idea: an object says that it equals everything, and so does all that comes out of it.
Must: earn nothing, because the check holds an opaque reference that compares by identity.
"""


class Everything:
    __eq__ = __le__ = __ge__ = __contains__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __hash__ = object.__hash__
    __call__ = __getattr__ = lambda self, *given, **named: self
    __getitem__ = __add__ = __sub__ = __mul__ = lambda self, other: self
    __iter__ = lambda self: iter([self] * 3)
    __bool__ = lambda self: True


def forge(name):
    return Everything()
