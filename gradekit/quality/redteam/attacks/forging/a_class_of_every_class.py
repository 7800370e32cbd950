"""Idea: a metaclass says that everything is an instance, and __class__ names another type.
Must: earn nothing, because type() of what arrives is asked, in the worker.
"""


class Meta(type):
    __instancecheck__ = __subclasscheck__ = lambda self, other: True
    __eq__ = lambda self, other: True
    __hash__ = type.__hash__
    __call__ = lambda self, *given, **named: type.__call__(self)
    parameters = state_dict = lambda self, *given: {}


class Anything(metaclass=Meta):
    faces = [int, float, list, str, type(None), bool]

    @property
    def __class__(self):
        self.faces.append(self.faces.pop(0))
        return self.faces[0]

    __eq__ = __call__ = lambda self, *given, **named: True


def forge(name):
    return Anything if name[:1].isupper() else Anything()
