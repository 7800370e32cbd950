"""Idea: a subclass of ndarray has comparisons that hold and differences that are zero.
Must: earn nothing, because a subclass is no array on the other side.
"""

try:
    import numpy as np

    class Agreeing(np.ndarray):
        __eq__ = __le__ = __lt__ = lambda self, other: np.array(True)
        __ne__ = __gt__ = __ge__ = lambda self, other: np.array(False)
        __sub__ = __rsub__ = __abs__ = lambda self, *other: np.zeros(())
        __array_ufunc__ = lambda self, *given, **named: np.zeros(())
        all = any = lambda self, *given, **named: True
        __call__ = lambda self, *given, **named: self
        __hash__ = object.__hash__

    value = np.zeros(3).view(Agreeing)
except ImportError:
    value = lambda *given, **named: [0.0] * 3


def forge(name):
    return value
