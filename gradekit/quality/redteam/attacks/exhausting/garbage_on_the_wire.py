"""Idea: half frames, unknown commands, pings and sizes beyond all bounds go over the connections.
Must: cost its own questions; a connection that speaks nonsense is closed, not trusted.
"""

import os
import random
import socket
import time

dice, END = random.Random(0), time.monotonic() + 4
commands = [b"\4\7\4PING\0\1", b"\4\x19\4PING\0\1" + b"x" * 18, b"\4\5\4PONG", b"\4\0", b"\4\1\xff"]
commands += [
    b"\6" + b"\xff" * 8,
    b"\2" + b"\x7f" + b"\xff" * 7,
    b"\4\12\5ERROR\xffabc",
    b"\xff" * 64,
]
commands += [b"\4\12\11SUBSCRIBE", b"\4\7\6CANCEL", b"\4\6\5READY", b"\0\1\1", b"\1\0\0\0"]
for number in range(3, 128):
    try:
        if "/.k/s-" in os.readlink(f"/proc/self/fd/{number}"):
            continue
        wire = socket.socket(fileno=os.dup(number))
        if wire.family == socket.AF_UNIX and "/.k/s-" in str(wire.getsockname()):
            wire.setblocking(False)
            wire.send(dice.choice(commands) + dice.randbytes(64))
            wire.send(dice.choice(commands))
    except OSError:
        pass
