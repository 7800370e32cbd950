"""Idea: a subclass of int equals every int; type() is asked for its name only.
Must: earn nothing, because a subclass is no int on the other side.
"""


class Lie(type):
    __eq__ = lambda self, other: True
    __hash__ = type.__hash__
    __instancecheck__ = __subclasscheck__ = lambda self, other: True


Number = Lie(
    "int",
    (int,),
    {
        "__eq__": lambda self, other: True,
        "__ne__": lambda self, other: False,
        "__hash__": lambda self: 0,
        "__call__": lambda self, *given, **named: self,
    },
)
Number.__module__, Number.__qualname__ = "builtins", "int"


def forge(name):
    return Number(1)
