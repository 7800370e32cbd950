"""Idea: nested a million deep, holding themselves, with numbers and texts of millions of digits.
Must: cost their questions; what does not fit is refused before it is sent.
"""

import itertools

deep, knot, table = [], [], {}
for _ in range(1_000_000):
    deep = [deep]
knot.append(knot)
table["self"] = table
giants = [1 << 40_000_000, "x" * (200 << 20), [0] * 10_000_000, dict.fromkeys(range(500_000))]
turn = itertools.cycle([deep, knot, table, *giants, (deep,), range(10**9), {(knot and 1): deep}])


def forge(name):
    return lambda *given, **named: next(turn)
