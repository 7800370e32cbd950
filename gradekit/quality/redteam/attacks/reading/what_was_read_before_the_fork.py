"""Idea: this process was forked from one that went on to read the arguments, and shares its memory.
Must: find no planted word and no seed anywhere in it; all that was read later.
"""

import re
import time

SEED = re.compile(rb"--seed=[0-9a-f]{8,}")
end = time.monotonic() + 20
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in list(maps):
        start, stop = (int(part, 16) for part in line.split()[0].split("-"))
        while line.split()[1].startswith("r") and start < stop and time.monotonic() < end:
            try:
                memory.seek(start)
                data = memory.read(min(stop - start, 4 << 20))
            except (OSError, ValueError, OverflowError):
                break
            keep(b" ".join(b"canary" + part[:40] for part in data.split(b"canary")[1:200]))
            loot += [f"a seed at {start:x}: {found[:20]}" for found in SEED.findall(data)]
            start += 4 << 20
