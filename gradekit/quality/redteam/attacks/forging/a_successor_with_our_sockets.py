"""Idea: execv puts another program into the process, which keeps its sockets and answers yes.
Must: earn nothing; what it says is read as a claim like everything else.
"""

import os
import socket
import sys

for number in range(3, 256):
    try:
        os.set_inheritable(number, True)
    except OSError:
        pass
program = f"""
import os, select, time
mark, end = {MARK!r}, time.monotonic() + 20
frames = b'{{"dict": [["value", true], ["printed", ""]]}}'
while time.monotonic() < end:
    for number in range(3, 256):
        try:
            ready = select.select([number], [], [], 0)[0] and os.read(number, 65536)
            os.write(number, bytes([0, len(frames)]) + frames)
        except OSError: pass
    time.sleep(0.05)
"""
os.execv(sys.executable, [sys.executable, "-c", program, MARK])
