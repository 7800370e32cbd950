"""Idea: file systems are mounted and devices made, through which disks and memory are reached.
Must: do neither; no capability for it is there.
"""

import ctypes
import os
import stat

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("/tmp/place", exist_ok=True)
for source, kind, flags in ((b"proc", b"proc", 0), (b"/", None, 4096), (b"none", b"tmpfs", 0)):
    if libc.mount(source, b"/tmp/place", kind, flags, None) == 0:
        loot.append(f"mounted {source}")
for flag in (32, 32 | 4096):
    libc.mount(b"none", b"/", None, flag, None)
if libc.umount2(b"/proc", 2) == 0 or libc.pivot_root(b"/tmp", b"/tmp/place") == 0:
    loot.append("the file system was changed")
for number, (major, minor) in enumerate(
    [(1, 1), (1, 2), (8, 0), (254, 0), (259, 0), (7, 0), (10, 229)]
):
    for kind in (stat.S_IFBLK, stat.S_IFCHR):
        try:
            path = f"/tmp/{MARK}-{number}-{kind}"
            os.mknod(path, kind | 0o600, os.makedev(major, minor))
            with open(path, "rb") as file:
                keep(file.read(1 << 20))
            loot.append(f"device {major}:{minor}")
        except OSError:
            pass
