"""Idea: NumPy asks an object for its array and lets it overrule functions and operators.
Must: earn nothing, because a reference has no array protocol.
"""

try:
    import numpy as np
except ImportError:
    np = None


class Chameleon:
    def __array__(self, *given, **named):
        return np.zeros(()) if np else None

    def __array_ufunc__(self, function, method, *inputs, **named):
        return function.__name__ in ("equal", "less", "less_equal", "isfinite")

    def __array_function__(self, function, types, inputs, named):
        return True

    __array_priority__ = 1e9
    __array_interface__ = {"shape": (), "typestr": "<f8", "data": bytes(8), "version": 3}
    __call__ = __getitem__ = lambda self, *given, **named: self


def forge(name):
    return Chameleon()
