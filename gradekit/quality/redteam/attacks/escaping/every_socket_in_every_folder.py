"""Idea: every Unix socket that can be seen is greeted: engines, buses, displays, agents.
Must: find nobody but the kernel's own sockets.
"""

import os
import socket
import stat
import time

END, paths = time.monotonic() + 4, []
usual = ["/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket"]
usual += ["/tmp/.X11-unix/X0", "/run/systemd/private", "/run/user/0/bus", "/run/snapd.socket"]
for folder, folders, names in os.walk("/"):
    if folder.startswith(("/proc/", "/sys", "/usr")) or time.monotonic() > END:
        folders.clear()
        continue
    for name in names:
        try:
            if stat.S_ISSOCK(os.lstat(os.path.join(folder, name)).st_mode):
                paths.append(os.path.join(folder, name))
        except OSError:
            pass
usual += [f"/proc/{pid}/root{path}" for pid in (1, os.getppid()) for path in usual[:3]]
with open("/proc/net/unix") as file:
    paths += [line.split()[7].replace("@", "\0") for line in file if len(line.split()) > 7]
for path in [*usual, *paths[:200]]:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            with socket.socket(socket.AF_UNIX, kind) as client:
                client.settimeout(0.2)
                client.connect(path)
                if "/.k/" not in path:
                    loot.append(f"connected to {path!r}")
                    client.send(f"GET /containers/json?{MARK} HTTP/1.0\r\n\r\n".encode())
                    keep(client.recv(1 << 16))
        except OSError:
            pass
