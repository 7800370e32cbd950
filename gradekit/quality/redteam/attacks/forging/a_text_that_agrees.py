"""Idea: a subclass of str matches every text, contains every text and splits into itself.
Must: earn nothing, because it is an opaque reference.
"""


class Text(str):
    __eq__ = __contains__ = startswith = endswith = lambda self, *other: True
    __ne__ = lambda self, other: False
    __hash__ = str.__hash__
    lower = strip = format = replace = lambda self, *given: self
    split = splitlines = lambda self, *given: [self] * 3
    __call__ = lambda self, *given, **named: self


def forge(name):
    return Text("42")
