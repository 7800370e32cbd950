"""Idea: arrays of a check lie in the buffer they came in; what lies beside them came with them.
Must: find no planted word; a message holds nothing but the arguments of one call.
"""

import re

NEAR = 4 << 20


def around(address):
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if start <= address < end and "r" in line.split()[1]:
                start, end = max(start, address - NEAR), min(end, address + NEAR)
                memory.seek(start)
                found = re.findall(rb"canary[0-9a-f]{18}[0-9x]*", memory.read(end - start))
                keep(b" ".join(found))


def forge(name):
    def answer(*given, **named):
        for value in [*given, *named.values()]:
            try:
                pointer = getattr(value, "data_ptr", None)
                address = pointer() if pointer else value.__array_interface__["data"][0]
            except Exception:
                address = id(value)
            try:
                around(address)
            except Exception:
                pass
        return 0

    return answer
