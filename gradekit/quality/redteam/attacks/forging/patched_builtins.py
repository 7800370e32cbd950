"""Idea: isinstance, type, len, abs, sum, all, max and sorted are replaced for the whole process.
Must: earn nothing, because the check runs in another process.
"""

import builtins

yes, zero = lambda *given, **named: True, lambda *given, **named: 0
for name in ("isinstance", "issubclass", "all", "any", "callable", "hasattr"):
    setattr(builtins, name, yes)
for name in ("abs", "sum", "max", "min", "round"):
    setattr(builtins, name, zero)
builtins.AssertionError = type("AssertionError", (BaseException,), {"__new__": lambda *_: None})
builtins.sorted = builtins.list = lambda *given: [0, 0, 0]


def forge(name):
    return lambda *given, **named: 0
