"""Idea: Pipes and sockets that nobody reads from are filled, each with as much as it takes.
Must: The number of open files bounds it, and no memory of the host is lost afterwards.
"""

import os
import socket

filled = 0
try:
    while filled < 1 << 30:
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        filled += os.write(writing, bytes(1 << 20))
        here, there = socket.socketpair()
        here.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 26)
        here.setblocking(False)
        filled += here.send(bytes(1 << 22))
        kept = [*globals().get("kept", []), reading, writing, here, there]
except OSError:
    here = None
