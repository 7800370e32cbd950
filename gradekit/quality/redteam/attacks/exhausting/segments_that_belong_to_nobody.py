"""Idea: Segments of shared memory outlive the processes that are killed for them.
Must: Their memory is counted, too, and the worker is not the one to die for it.
"""

import ctypes
import os

libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
libc.shmdt.argtypes = [ctypes.c_void_p]
SIZE = 64 << 20
if os.path.isdir("/autograder/files"):  # on a bare host they would stay for good
    for number in range(32):
        segment = libc.shmget(0, SIZE, 0o1600)
        address = libc.shmat(segment, None, 0)
        if segment < 0 or address in (None, 2**64 - 1):
            break
        for place in range(0, SIZE, 1 << 20):
            ctypes.memset(address + place, 1, 1 << 20)
        ctypes.memmove(address, MARK.encode(), len(MARK))
        libc.shmdt(address)
