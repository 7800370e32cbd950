"""Idea: each child stays below the limit of a process, and all together take three times as much.
Must: cost its own cell; memory is limited for all processes together.
"""

import os
import time

END = time.monotonic() + 15
for _ in range(30):
    if os.fork() == 0:
        block = bytearray(b"1") * (100 << 20)
        while time.monotonic() < END:
            time.sleep(0.2)
        os._exit(len(block) % 2)
while time.monotonic() < END:
    time.sleep(0.2)
