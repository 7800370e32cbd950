"""Idea: shared memory, message queues and semaphores have numbers that anybody can try.
Must: find no planted word; there are none but one's own.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
for kind in ("shm", "msg", "sem"):
    try:
        with open(f"/proc/sysvipc/{kind}") as file:
            lines = file.read().splitlines()[1:]
        loot.extend(f"{kind} {line[:60]}" for line in lines[:5])
    except OSError:
        pass
for number in range(2048):
    address = libc.shmat(number, None, 0o10000)
    if address not in (None, 2**64 - 1):
        keep(ctypes.string_at(address, 4096))
    data = ctypes.create_string_buffer(8200)
    if libc.msgrcv(number, data, 8192, 0, 0o4000 | 0o10000) > 0:
        keep(data.raw)
for folder in ("/dev/shm", "/dev/mqueue", "/dev/hugepages"):
    try:
        for name in os.listdir(folder):
            keep(name)
            with open(os.path.join(folder, name), "rb") as file:
                keep(file.read(1 << 20))
    except OSError:
        pass
