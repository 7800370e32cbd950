"""Idea: __del__ sleeps for ever, when an answer is let go and when the process ends.
Must: cost its questions; the kernel is killed when it does not come back.
"""

import time


class Sticky:
    def __del__(self):
        time.sleep(60)

    __call__ = lambda self, *given, **named: Sticky()
    __iter__ = lambda self: iter([Sticky(), Sticky()])


def forge(name):
    return Sticky()
