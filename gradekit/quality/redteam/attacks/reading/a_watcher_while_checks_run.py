"""Idea: a thread looks again and again whether hidden files can be opened while checks run.
Must: find no planted word; hidden files are closed at all times.
"""

import os
import threading
import time

home = os.path.expanduser("~")
FOLDERS = ("/autograder/source/tests", "/autograder/source/hidden", "/autograder/submission")


def watch():
    end = time.monotonic() + 20
    while time.monotonic() < end:
        pids = [f"/proc/{name}" for name in os.listdir("/proc") if name.isdigit()]
        paths = [
            f"{pid}/{name}" for pid in pids for name in ("environ", "cmdline", "maps", "stack")
        ]
        for folder in (*FOLDERS, "/tmp", "/dev/shm", "/home", home, *(f"{p}/cwd" for p in pids)):
            try:
                paths += [os.path.join(folder, name) for name in os.listdir(folder)[:50]]
            except OSError:
                pass
        for path in paths[:1000]:
            try:
                number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                keep(os.read(number, 1 << 18))
                os.close(number)
            except OSError:
                pass
        time.sleep(0.05)


threading.Thread(target=watch, daemon=True).start()
