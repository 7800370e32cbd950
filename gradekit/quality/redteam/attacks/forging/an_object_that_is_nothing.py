"""Idea: differences are zero, lengths are zero, and every error found in the object is false.
Must: earn nothing, because no operator of the check reaches the object.
"""


class Nothing:
    __sub__ = __rsub__ = __abs__ = __neg__ = __pow__ = __truediv__ = lambda self, *other: self
    __lt__ = __le__ = __eq__ = lambda self, other: True
    __gt__ = __ge__ = __ne__ = lambda self, other: False
    __len__ = __int__ = __index__ = lambda self: 0
    __float__ = lambda self: 0.0
    __bool__ = lambda self: False
    __hash__ = object.__hash__
    __call__ = __getattr__ = lambda self, *given, **named: self
    __iter__ = lambda self: iter(())


def forge(name):
    return Nothing()
