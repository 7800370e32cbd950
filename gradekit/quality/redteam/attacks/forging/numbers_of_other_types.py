"""Idea: dates, texts, truth values and complex numbers compare in ways nobody thought of.
Must: earn nothing, because each kind is refused or is simply wrong.
"""

import decimal
import fractions
import itertools

kinds = [True, 1 + 0j, decimal.Decimal(1), fractions.Fraction(1), "1", b"1", 10**3999, -0.0]
try:
    import numpy as np

    kinds += [np.zeros(3, kind) for kind in ("?", "c16", "f2", "M8[s]", "m8[s]", "U3", "S3", "g")]
    kinds += [np.datetime64("NaT"), np.bool_(True), np.longdouble(1)]
except ImportError:
    pass
turn = itertools.cycle(kinds)


def forge(name):
    return lambda *given, **named: next(turn)
