"""Idea: Exceptions whose text, type, cause and class attack whoever wants to report them.
Must: The check fails with whatever text could be had, within the time of a call.
"""


class Text(str):
    __getitem__ = encode = __str__ = __len__ = lambda self, *given: self * 10**8


class Kind(type):
    __name__ = property(lambda cls: "x" * 10**7)
    __instancecheck__ = __subclasscheck__ = lambda cls, other: 1 / 0


class Hostile(Exception, metaclass=Kind):
    __class__ = property(lambda self: 1 / 0)
    __str__ = __repr__ = lambda self: Text("x" * 100)
    __traceback__ = __cause__ = __context__ = property(lambda self: self)
    __getattribute__ = lambda self, name: self if name[:2] == "__" else exec("while 1: pass")


def forge(name):
    def answer(*given):
        raise Hostile from Hostile()

    return answer
