"""Idea: Each answer is an object whose number is computed in C, without a look at interrupts.
Must: Each call is stopped at its limit, and the total limit ends it all.
"""

import signal


class Years(int):
    def __index__(self):
        return pow(3, 10**9)

    __int__ = __float__ = __abs__ = __len__ = __bool__ = __index__


def forge(name):
    signal.alarm(60)
    return (lambda *given: pow(3, 10**9)) if "position" not in name else pow(3, 10**9)
