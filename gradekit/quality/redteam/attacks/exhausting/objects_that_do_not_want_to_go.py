"""Idea: What is deleted, collected or ended has a last word that lasts: finalisers and exits.
Must: Each sandbox is ended from outside, without waiting for anybody's last word.
"""

import atexit
import threading
import time
import weakref


def linger(*given):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            time.sleep(1)
        except BaseException:
            continue


class Clinging:
    __del__ = linger


atexit.register(linger)
threading._register_atexit(linger)
weakref.finalize(Clinging, linger)


def forge(name):
    return lambda *given: Clinging()
