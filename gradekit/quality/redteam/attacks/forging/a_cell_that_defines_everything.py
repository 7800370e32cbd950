"""Idea: names of checks, of the worker and of the environment are defined in the notebook itself.
Must: earn nothing, because these names are looked up in the worker, not here.
"""

import builtins


class Environment(dict):
    __missing__ = lambda self, name: True


env = environment = test_case = name = points = case = Environment()
for word in ("same", "plain", "usable", "defined", "numbers", "whole", "listed", "weights"):
    globals()[word] = lambda *given, **named: given[0] if given else None
    setattr(builtins, word, globals()[word])
builtins.env = env


def forge(name):
    return env
