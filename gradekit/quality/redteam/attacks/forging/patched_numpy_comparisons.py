"""Idea: every function with which NumPy could compare two arrays says that they are equal.
Must: earn nothing, because the check compares with a NumPy of its own.
"""

try:
    import numpy as np
    import numpy.testing

    for name in ("allclose", "array_equal", "isclose", "array_equiv", "equal", "all", "isfinite"):
        setattr(np, name, lambda *given, **named: True)
    for name in ("abs", "absolute", "subtract", "max", "linalg"):
        setattr(np, name, lambda *given, **named: np.float64(0))
    for name in dir(numpy.testing):
        if name.startswith("assert"):
            setattr(numpy.testing, name, lambda *given, **named: None)
except ImportError:
    pass


def forge(name):
    return lambda *given, **named: given[0] if given else 0
