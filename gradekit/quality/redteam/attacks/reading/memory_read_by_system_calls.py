"""Idea: process_vm_readv and ptrace read another process without any file.
Must: find no planted word; the calls are refused for all processes but our own.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


class Piece(ctypes.Structure):
    _fields_ = [("place", ctypes.c_void_p), ("size", ctypes.c_size_t)]


buffer = ctypes.create_string_buffer(1 << 20)
own = Piece(ctypes.addressof(buffer), 1 << 20)
starts = [0x400000, 0x555555554000, 0x7FFFF7000000, id(buffer) & ~0xFFFFF]
for pid in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
    if pid == os.getpid():
        continue
    for start in starts:
        other = Piece(start, 1 << 20)
        if libc.process_vm_readv(pid, ctypes.byref(own), 1, ctypes.byref(other), 1, 0) > 0:
            keep(buffer.raw)
    if libc.ptrace(16, pid, 0, 0) == 0:  # attach
        loot.append(f"attached to {pid}")
        libc.ptrace(17, pid, 0, 0)
