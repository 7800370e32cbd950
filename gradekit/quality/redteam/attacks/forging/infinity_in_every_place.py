"""Idea: relative errors of infinite values are NaN, and the largest of them is no error.
Must: earn nothing, because infinity is not the value that was wanted.
"""

import itertools
import math

sign = itertools.cycle([1, -1])


def like(value):
    if isinstance(value, (list, tuple)):
        return [like(item) for item in value]
    return value * 0 + math.inf if hasattr(value, "shape") else next(sign) * math.inf


def forge(name):
    return lambda *given, **named: like(given[0]) if given else math.inf
