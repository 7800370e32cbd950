"""Idea: in a user namespace of its own the student is root, with new mounts, networks and hosts.
Must: change nothing outside; nothing that is mounted there is seen elsewhere.
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
pid = os.fork()
if pid == 0:
    try:
        uid = os.getuid()
        if libc.unshare(0x10000000 | 0x20000 | 0x40000000 | 0x04000000 | 0x08000000) == 0:
            for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1")):
                with open(f"/proc/self/{name}", "w") as file:
                    file.write(text)
            libc.sethostname(MARK.encode(), len(MARK))
            libc.mount(b"none", b"/", None, 1 << 20 | 16384, None)
            for kind in (b"proc", b"sysfs", b"tmpfs", b"cgroup2", b"devpts", b"overlay", b"bpf"):
                os.makedirs(f"/tmp/{MARK}", exist_ok=True)
                libc.mount(kind, f"/tmp/{MARK}".encode(), kind, 0, None)
                for name in ("x", "cgroup.procs", "sys/kernel/core_pattern"):
                    with open(f"/tmp/{MARK}/{name}", "a") as file:
                        file.write(MARK)
    except OSError:
        pass
    finally:
        os._exit(0)
os.waitpid(pid, 0)
