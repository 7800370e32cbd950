"""Idea: Frames that no library writes, on the raw connection: false lengths, commands, flags.
Must: A broken connection is a kernel that does not answer; the worker does not break.
"""

import os
import random
import socket
import stat
import struct

lengths = [0, 1, 255, 1 << 31, (1 << 63) - 1, (1 << 64) - 1]
frames = [bytes([flags]) + struct.pack(">Q", n) for flags in (2, 3, 4, 6, 255) for n in lengths]
frames += [b"\x04\x29\x04PING" + bytes(34), b"\x04\x05\x04PONG", b"\x04\x0a\x05ERROR\xffabc"]
frames += [b"\x04\x06\x05READY", b"\x04\x0a\x09SUBSCRIBE", b"\x00\x05\x01" + MARK.encode()[:4]]


def forge(name):
    for number in range(3, 100):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                peer = str(socket.socket(fileno=os.dup(number)).getsockname())
                if peer.endswith(("s-1'", "s-2'", "s-1", "s-2")):
                    os.write(number, random.choice(frames) * 3 + os.urandom(99))
        except OSError:
            continue
    return 0
