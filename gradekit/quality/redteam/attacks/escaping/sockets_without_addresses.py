"""Idea: abstract sockets have no files: those of the host's session, display and engine are called.
Must: reach nobody; they belong to a network namespace.
"""

import socket

try:
    with open("/proc/net/unix") as file:
        names = [line.split()[-1] for line in file if "@" in line]
except OSError:
    names = []
names += ["@/tmp/.X11-unix/X0", "@/tmp/dbus-session", "@/containerd-shim", "@gradekit", f"@{MARK}"]
for name in names:
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_UNIX, kind) as wire:
                wire.connect("\0" + name[1:])
                loot.append(f"{name} answered")
        except OSError:
            pass
