"""Idea: each call, item, attribute and step of an iteration takes as long as it is allowed to.
Must: cost its questions; time for checks is limited together and from outside.
"""

import time


class Slow:
    def wait(self, *given, **named):
        time.sleep(60)

    __call__ = __getitem__ = __iter__ = __next__ = __len__ = wait

    def __getattr__(self, name):
        time.sleep(60)


def forge(name):
    return Slow()
