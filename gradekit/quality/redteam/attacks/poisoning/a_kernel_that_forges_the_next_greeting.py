"""Idea: The dying kernel leaves its sockets, files and ports to a child that waits for the next.
Must: The next kernel has folders, keys and sockets of its own; the child ends with the first.
"""

import os
import signal
import time

os.environ["NAME"] = MARK
if os.fork() == 0:
    os.setsid()
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    end = time.monotonic() + 50
    while time.monotonic() < end:
        for number in range(1, 6):
            try:
                os.symlink(f"/tmp/{MARK}", os.path.expanduser(f"~/.k/s-{number}"))
            except OSError:
                time.sleep(0.01)
    os._exit(0)
os._exit(0)
