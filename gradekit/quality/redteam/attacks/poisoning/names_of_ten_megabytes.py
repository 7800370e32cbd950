"""Idea: names of types, exceptions, modules and attributes are ten megabytes long.
Must: be cut before they travel, and again where they arrive.
"""

import itertools
import sys

long = "x" * (10 << 20)
Long = type(long, (), {})
LongError = type(long, (Exception,), {"__module__": long, "__qualname__": long})
Letters = type("\u00e9" * 5_000_000, (ValueError,), {})
turn = itertools.cycle([LongError, Letters])
agent = sys.modules["gradekit_agent"].Agent
agent._refer = lambda self, value: [next(itertools.count(1)), type(value).__name__]
sys.modules["gradekit_agent"]._description = lambda error: [type(error).__name__, long]


def forge(name):
    def answer(*given, **named):
        if len(given) % 2:
            return Long()
        raise next(turn)(long)

    return answer
