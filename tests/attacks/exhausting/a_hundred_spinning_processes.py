"""Idea: a hundred processes compute without end, so that the worker gets a hundredth of a processor.
Must: cost its own questions; the worker and other submissions still get on.
"""

import subprocess
import time

END = time.monotonic() + 40
for _ in range(100):
    try:
        subprocess.Popen(["timeout", "40", "sh", "-c", "while :; do :; done", MARK])
    except OSError:
        break
while time.monotonic() < END:
    pass
