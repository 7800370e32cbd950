"""Idea: a report of full marks is printed on every open descriptor, terminal and parent's pipe.
Must: earn nothing, because the report is the worker's standard output, which is not open here.
"""

import json
import os
import stat
import sys

marks = [{"name": "x", "hidden": False, "verdict": "passed", "points": 1.0, "out_of": 1.0}]
report = json.dumps({"questions": [{"name": "x", "points": 99, "checks": marks}], "notes": [MARK]})
print(report, flush=True)
print(report, file=sys.stderr, flush=True)
parent = os.getppid()
places = ["/dev/tty", "/dev/stdout", "/dev/stderr", "/dev/console", "/proc/1/fd/1"]
places += [f"/proc/{pid}/fd/{number}" for pid in (parent, "self") for number in range(3)]
for place in places + list(range(3, 64)):
    try:
        if isinstance(place, int) and stat.S_ISSOCK(os.fstat(place).st_mode):
            continue
        number = place if isinstance(place, int) else os.open(place, os.O_WRONLY | os.O_NONBLOCK)
        os.write(number, report.encode() + b"\n")
    except OSError:
        pass
