"""Idea: bpf, keyctl, perf_event_open, io_uring, userfaultfd, open_by_handle_at and modules.
Must: give nothing that an ordinary program could not have.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
ctypes.memset(buffer, 0, 256)
calls = {
    "bpf": (321, 5, buffer, 120),
    "perf": (298, buffer, -1, 0, -1, 0),
    "modules": (175, buffer, 0, b""),
}
calls |= {
    "fault": (323, 0),
    "kexec": (246, 0, 0, 0, 0),
    "swap": (167, b"/tmp/x", 0),
    "acct": (163, b"/tmp/x"),
}
calls |= {"clock": (227, 0, buffer), "iopl": (172, 3), "quota": (179, 0, b"/", 0, buffer)}
for name, (number, *given) in calls.items():
    result = libc.syscall(number, *given)
    if result >= 0:
        loot.append(f"{name} gave {result}")
        if name in ("bpf", "perf", "fault"):
            os.close(result)
handle = ctypes.create_string_buffer(
    (8).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes([2] + [0] * 7)
)
for number in (os.open("/", os.O_RDONLY), os.open("/tmp", os.O_RDONLY)):
    if libc.syscall(304, number, handle, 0) >= 0:
        loot.append("a file was opened by its handle")
libc.syscall(248, b"user", MARK.encode(), b"x", 1, -3)  # a key of our own
