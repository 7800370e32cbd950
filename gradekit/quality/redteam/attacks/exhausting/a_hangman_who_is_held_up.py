"""Idea: Whoever comes to kill as the student's own user can be stopped by the student first.
Must: Processes are ended by somebody whom they cannot signal; the worker waits for nobody.
"""

import os
import signal
import time

END = time.monotonic() + 55
os.environ["NAME"] = MARK
if os.fork() == 0:
    os.setsid()
    while time.monotonic() < END:
        for name in os.listdir("/proc"):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    if name.isdigit() and b"os.kill(-1, 9)" in file.read():
                        os.kill(int(name), signal.SIGSTOP)
            except OSError:
                continue
    os._exit(0)


def forge(name):
    return lambda *given: os.kill(os.getpid(), signal.SIGKILL)


os._exit(0)
