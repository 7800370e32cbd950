"""Idea: messages over Unix sockets claim to come from root and from the grader's process.
Must: be refused; who a message is from is said by the system.
"""

import glob
import os
import socket
import struct

left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
right.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
right.settimeout(0.2)
for pid, user, group in ((1, 0, 0), (os.getppid(), 0, 0), (os.getpid(), 0, 0), (0, 0, 0)):
    claim = [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, struct.pack("3i", pid, user, group))]
    try:
        left.sendmsg([MARK.encode()], claim)
        told = struct.unpack("3i", right.recvmsg(100, 100)[1][0][2])
        loot.append(f"claimed {pid, user}, told {told}")
    except OSError:
        pass
    for path in [
        *glob.glob("/run/**", recursive=True)[:200],
        *glob.glob("/tmp/*")[:50],
        "/dev/log",
    ]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
                client.settimeout(0.1)
                client.connect(path)
                client.sendmsg([f"MAINPID={os.getpid()} {MARK}".encode()], claim)
                loot.append(path)
        except OSError:
            pass
