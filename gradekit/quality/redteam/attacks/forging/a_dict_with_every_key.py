"""Idea: a dict has every key, equals every dict and returns itself for each of them.
Must: earn nothing, because a subclass of dict is not plain.
"""


class All(dict):
    __eq__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __missing__ = get = lambda self, *key: self
    __getattr__ = lambda self, name: self
    items = lambda self: [("weight", self), ("bias", self)]
    __call__ = lambda self, *given, **named: self


def forge(name):
    return All()
