"""Idea: what ends a kernel runs as its user for a moment; traced, it writes on the grader's output.
Must: have no output of the grader's to write on; the report is the worker's alone.
"""

import ctypes
import os
import struct
import time

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
TEXT = b'{"said_by": "' + MARK.encode() + b'", "questions": [], "notes": [], "timings": {}}\n'


def trace(pid):
    if libc.ptrace(16, pid, 0, 0) != 0:  # PTRACE_ATTACH
        return False
    os.waitpid(pid, 0x40000000)
    registers = ctypes.create_string_buffer(512)
    libc.ptrace(12, pid, 0, registers)
    words = list(struct.unpack("27Q", registers.raw[:216]))
    place, below = words[16], (words[19] & ~15) - 4096
    with open(f"/proc/{pid}/mem", "r+b", 0) as memory:
        memory.seek(place)
        memory.write(b"\x0f\x05" * 4)
        memory.seek(below)
        memory.write(TEXT)
    words[10], words[14], words[13], words[12] = 1, 1, below, len(TEXT)
    words[15] = 2**64 - 1  # no system call to be taken up again
    libc.ptrace(13, pid, 0, ctypes.create_string_buffer(struct.pack("27Q", *words)))
    for _ in range(4):  # the first stops may be those of its start
        libc.ptrace(9, pid, 0, 0)
        os.waitpid(pid, 0x40000000)
        libc.ptrace(12, pid, 0, registers)
        if struct.unpack("27Q", registers.raw[:216])[16] != place:
            break
    os.kill(pid, 9)
    return True


if os.fork() == 0:
    os.setsid()
    end, known = time.monotonic() + 20, set(os.listdir("/proc"))
    while time.monotonic() < end:
        for pid in {name for name in os.listdir("/proc") if name.isdigit()} - known:
            try:
                trace(int(pid))
            except OSError:
                pass
    os._exit(0)
time.sleep(0.3)
os._exit(0)
