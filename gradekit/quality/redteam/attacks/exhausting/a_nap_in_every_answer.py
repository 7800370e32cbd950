"""Idea: Nothing takes too long by itself, but each look at an answer takes three seconds.
Must: Each check ends at its own limit, and all of them at the limit of the whole.
"""

import time


class Slow:
    def __getattr__(self, name):
        time.sleep(3)
        return self

    def __getitem__(self, key):
        time.sleep(3)
        return self

    def __call__(self, *given, **named):
        time.sleep(3)
        return self

    def __iter__(self):
        time.sleep(3)
        return iter([self] * 10**6)


def forge(name):
    return Slow()
