"""Idea: the math and operator modules call everything close, equal and zero.
Must: earn nothing, because only this kernel's modules are changed.
"""

import cmath
import math
import operator
import statistics

math.isclose = cmath.isclose = operator.eq = operator.le = lambda *given, **named: True
math.fabs = math.dist = math.sqrt = operator.sub = lambda *given: 0.0
operator.ne = operator.gt = lambda *given: False
math.isfinite, math.isnan = lambda value: True, lambda value: False
statistics.mean = statistics.fmean = lambda values: 0.0


def forge(name):
    return lambda *given, **named: math.fabs(-1)
