"""Idea: millions of empty frames in one message weigh nothing on the wire and much in memory.
Must: cost its own questions; the worker notices how much it has taken in.
"""

import os
import socket
import time

END, frames = time.monotonic() + 20, b"\1\0" * (1 << 20)
os.environ["POURING"] = MARK
pid = os.fork()
while pid == 0 and time.monotonic() < END:
    for number in range(3, 128):
        try:
            other = socket.socket(fileno=os.dup(number))
            if other.family == socket.AF_UNIX and "s-2" in str(other.getsockname()):
                other.settimeout(1)
                other.sendall(frames)
        except OSError:
            pass
if pid == 0:
    os._exit(0)
time.sleep(5)
