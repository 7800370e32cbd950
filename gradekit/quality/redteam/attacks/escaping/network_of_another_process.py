"""Idea: the network of another process is entered by its namespace, then the host is called.
Must: enter no namespace and reach nobody.
"""

import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)
for pid in [1, os.getppid(), *(int(name) for name in os.listdir("/proc") if name.isdigit())]:
    if os.fork() == 0:
        handle = libc.syscall(434, pid, 0)
        for flags in (0x10000000 | 0x40000000, 0x10000000, 0x40000000, 0x02000000 | 0x00020000):
            if handle >= 0 and libc.setns(handle, flags) == 0:
                break
        for name in ("user", "net", "mnt", "pid", "ipc", "uts", "cgroup"):
            try:
                libc.setns(os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY), 0)
            except OSError:
                pass
        for place in (("127.0.0.1", HOST_PORT), ("::1", HOST_PORT)):
            try:
                socket.create_connection(place, 0.3).send(MARK.encode())
            except OSError:
                pass
        os._exit(0)
    os.wait()
