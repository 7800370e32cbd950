"""Idea: user_ns is a dict that answers any name, with a function that answers any call.
Must: earn nothing; a name that exists is worth nothing, its value has to be right.
"""

import builtins

shell = get_ipython()


class Every(dict):
    __contains__ = lambda self, name: True

    def __missing__(self, name):
        if hasattr(builtins, name):
            return getattr(builtins, name)
        return lambda *given, **named: given[0] if given else 0


shell.user_ns = Every(shell.user_ns)
builtins.__getattr__ = lambda name: lambda *given, **named: 0
