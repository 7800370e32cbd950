"""Idea: torch hands its comparisons to objects with __torch_function__, which say true.
Must: earn nothing, because the object stays in the kernel.
"""


class Agreeing:
    @classmethod
    def __torch_function__(cls, function, types, given=(), named=None):
        name = getattr(function, "__name__", "")
        return True if name in ("allclose", "equal", "all") else cls()

    shape = property(lambda self: self)
    dtype = device = property(lambda self: self)
    __eq__ = lambda self, other: True
    __hash__ = object.__hash__
    __call__ = __getattr__ = lambda self, *given, **named: self
    __iter__ = lambda self: iter([self])


def forge(name):
    return Agreeing()
