"""Idea: each step takes a little less than a call may take, so that no single one is too slow.
Must: cost its questions; a check has a time for all its calls together.
"""

import time


class Tough:
    def wait(self, *given, **named):
        time.sleep(2.5)
        return self

    __call__ = __getitem__ = __next__ = wait
    __iter__ = lambda self: self

    def __getattr__(self, name):
        return self.wait()


def forge(name):
    return Tough()
