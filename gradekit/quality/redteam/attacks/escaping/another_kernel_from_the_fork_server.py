"""Idea: the server that forked this kernel is asked for another one, with root as its user.
Must: find no way to it: no descriptor, no signal, no memory of this process's parent.
"""

import json
import os
import signal
import socket
import stat

ORDER = json.dumps({"user": 0, "environment": {"MARK": MARK}}).encode()

for number in range(1024):
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            continue
        with socket.socket(fileno=os.dup(number)) as found:
            if found.type == socket.SOCK_SEQPACKET:  # the kernel's own sockets are streams
                loot.append(f"descriptor {number} leads to the fork server")
                socket.send_fds(found, [ORDER], [0, 1, 2])
    except OSError:
        continue

parent = os.getppid()
for name in ("fd", "mem", "environ", "maps", "cwd"):
    try:
        path = f"/proc/{parent}/{name}"
        os.readlink(path) if name == "cwd" else os.listdir(path) if name == "fd" else open(path)
        if parent > 1:
            loot.append(f"{path} was open")
    except OSError:
        continue
try:
    if parent > 1:
        os.kill(parent, signal.SIGCONT)
        loot.append("a signal to the parent")
except OSError:
    pass
