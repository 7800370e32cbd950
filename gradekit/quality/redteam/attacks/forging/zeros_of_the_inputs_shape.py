"""Idea: zeros in the right shape and type are within many a tolerance that is too wide.
Must: earn nothing beyond checks whose right answer is zero.
"""


def forge(name):
    def zeros(*given, **named):
        for thing in given:
            if hasattr(thing, "shape"):
                return thing * 0.0
            if isinstance(thing, (list, tuple)):
                return [0.0] * len(thing)
        return 0.0

    return zeros
