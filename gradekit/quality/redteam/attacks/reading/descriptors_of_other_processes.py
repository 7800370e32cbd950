"""Idea: the open files of the grader can be opened once more through /proc.
Must: find no planted word; the worker's descriptors are out of reach.
"""

import os

for pid in [name for name in os.listdir("/proc") if name.isdigit()]:
    for kind in ("fd", "map_files", "fdinfo"):
        try:
            entries = os.listdir(f"/proc/{pid}/{kind}")
        except OSError:
            continue
        for entry in entries[:300]:
            path = f"/proc/{pid}/{kind}/{entry}"
            try:
                keep(os.readlink(path) if kind != "fdinfo" else "")
                number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                if not os.isatty(number) and os.fstat(number).st_size < 4 << 20:
                    keep(os.pread(number, 1 << 20, 0))
                os.close(number)
            except OSError:
                pass
