"""Idea: the memory of the worker holds checks, solutions and the seed; /proc/PID/mem reads it.
Must: find no planted word; another user's memory cannot be opened.
"""

import os
import time

END = time.monotonic() + 4
for pid in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
    if pid == os.getpid():
        continue
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                if "w" in line.split()[1] and time.monotonic() < END:
                    memory.seek(start)
                    keep(memory.read(min(end - start, 16 << 20)))
    except (OSError, ValueError, OverflowError):
        pass
