"""Idea: SystemExit, KeyboardInterrupt and GeneratorExit from an answer may end the check early.
Must: earn nothing, because what an answer raises fails its check.
"""

import itertools

turn = itertools.cycle([SystemExit(0), KeyboardInterrupt(), GeneratorExit(), StopIteration(True)])


class Leaving:
    def __call__(self, *given, **named):
        raise next(turn)

    __iter__ = __getitem__ = __call__

    def __getattr__(self, name):
        raise next(turn)


def forge(name):
    return Leaving()
