"""Idea: the worker's standard output, where the report goes, is opened through its number.
Must: be refused; nothing but the worker writes there.
"""

import os

text = f'{{"questions": [], "notes": ["{MARK}"], "timings": {{}}}}'.encode()
for pid in [os.getppid(), 1, *[int(name) for name in os.listdir("/proc") if name.isdigit()]]:
    if pid == os.getpid():
        continue
    for number in (1, 2, 3, 4, 5):
        try:
            wire = os.open(f"/proc/{pid}/fd/{number}", os.O_WRONLY | os.O_NONBLOCK | os.O_APPEND)
            os.write(wire, text)
            loot.append(f"wrote to descriptor {number} of {pid}")
            os.close(wire)
        except OSError:
            pass
