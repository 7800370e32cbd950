"""Idea: a report of full marks at exit, and an exit with code 0 before any check.
Must: earn nothing; the cell ended the kernel, and the next one goes on without it.
"""

import atexit
import json
import os

report = json.dumps({"questions": [], "points": 100, "notes": [MARK]})
atexit.register(lambda: print(report, flush=True))
atexit.register(lambda: os.write(1, report.encode()))
print(report, flush=True)
os.write(1, report.encode())
os._exit(0)
