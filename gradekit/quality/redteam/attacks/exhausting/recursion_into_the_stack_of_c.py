"""Idea: With the limit on recursion raised, recursion goes on until the stack of C is used up.
Must: The kernel dies alone, at each call, and the number of restarts is bounded.
"""

import sys

sys.setrecursionlimit(2**31 - 1)


class Deep:
    def __repr__(self):
        return repr(self) + str(self) + format([self])

    __str__ = __format__ = __hash__ = __repr__


def forge(name):
    def answer(*given):
        deep = []
        for _ in range(5_000_000):
            deep = [deep]
        return hash(Deep()) or repr(deep)

    return answer
