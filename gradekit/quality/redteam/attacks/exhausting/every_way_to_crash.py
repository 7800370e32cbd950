"""Idea: Abort, a wild pointer, a division by zero in C, an illegal free: a new one at each call.
Must: Each costs its own question; no core is written, and restarts come to an end.
"""

import ctypes
import os
import signal

ways = [
    os.abort,
    lambda: ctypes.string_at(0),
    lambda: os.kill(os.getpid(), signal.SIGFPE),
    lambda: ctypes.pythonapi.Py_FatalError(b"fatal"),
    lambda: os._exit(0),
    lambda: ctypes.CDLL(None).free(ctypes.c_void_p(8)),
]


def forge(name):
    return lambda *given: ways[len(given[0]) % len(ways)]()
