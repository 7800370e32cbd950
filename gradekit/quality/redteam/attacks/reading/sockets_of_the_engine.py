"""Idea: the sockets of Docker, containerd and the session bus answer questions about other processes.
Must: find no planted word; none of these sockets is here.
"""

import glob
import socket

paths = ["/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock"]
paths += ["/run/podman/podman.sock", "/run/dbus/system_bus_socket", "/run/systemd/private"]
for path in paths + glob.glob("/run/**/*.sock", recursive=True) + glob.glob("/tmp/**/*sock*"):
    try:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(1)
            wire.connect(path)
            wire.sendall(b"GET /containers/json?all=1 HTTP/1.0\r\n\r\n")
            data = wire.recv(1 << 20)
            keep(data)
            loot.append(f"{path} answered {len(data)} bytes")
    except OSError:
        pass
