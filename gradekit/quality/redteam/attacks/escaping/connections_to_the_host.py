"""Idea: TCP and UDP to the host's loopback, by name and by every spelling of its address.
Must: reach nobody; the sandbox has a loopback of its own and no other interface.
"""

import socket

names = ["127.0.0.1", "localhost", "0.0.0.0", "127.1", "127.0.0.2", "::1", "::ffff:127.0.0.1", "::"]
for name in names:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        family = socket.AF_INET6 if ":" in name else socket.AF_INET
        try:
            with socket.socket(family, kind) as wire:
                wire.settimeout(0.5)
                wire.connect((name, HOST_PORT))
                wire.send(MARK.encode())
                if kind == socket.SOCK_STREAM:
                    loot.append(f"connected to {name}")
        except OSError:
            pass
