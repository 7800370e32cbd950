"""Idea: full pipes and sockets hold memory of the system that is in no process's count.
Must: cost its own cell; the numbers of descriptors and processes limit it.
"""

import os
import socket

kept, block = [], bytes(1 << 20)
for _ in range(450):
    try:
        pair = socket.socketpair()
        kept.append(pair)
        pair[0].setblocking(False)
        pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        for _ in range(8):
            pair[0].send(block)
    except OSError:
        pass
for _ in range(450):
    try:
        pipe = os.pipe()
        kept.append(pipe)
        os.set_blocking(pipe[1], False)
        os.write(pipe[1], block)
    except OSError:
        pass
