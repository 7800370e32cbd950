"""Idea: freed memory of this very process may still hold what passed through it.
Must: find no planted word; nothing hidden ever passes through it.
"""

import time


def look():
    end = time.monotonic() + 2
    try:
        with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
            for line in list(maps):
                start, stop = (int(part, 16) for part in line.split()[0].split("-"))
                if line.split()[1].startswith("rw") and time.monotonic() < end:
                    memory.seek(start)
                    data = memory.read(min(stop - start, 32 << 20))
                    parts = data.split(b"canary")[1:200]
                    keep(b" ".join(b"canary" + part[:40] for part in parts))
    except (OSError, ValueError, OverflowError):
        pass


look()


def forge(name):
    def answer(*given, **named):
        look()
        return 0

    return answer
