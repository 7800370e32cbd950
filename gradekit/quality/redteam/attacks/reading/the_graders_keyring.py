"""Idea: keys and secrets in the kernel's keyrings are shared by processes of one user.
Must: find no planted word; the keyrings are empty or closed.
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
KEYCTL, READ, DESCRIBE = 250, 11, 6
buffer = ctypes.create_string_buffer(1 << 16)
for ring in (-1, -2, -3, -4, -5, -6, -7, -8):
    for action in (READ, DESCRIBE):
        size = libc.syscall(KEYCTL, action, ring, buffer, len(buffer))
        keep(buffer.raw[: max(0, min(size, len(buffer)))])
with open("/proc/sys/kernel/random/boot_id") as file:
    keep(file.read())
for name in ("keys", "key-users"):
    try:
        with open(f"/proc/{name}") as file:
            keep(file.read())
    except OSError:
        pass
