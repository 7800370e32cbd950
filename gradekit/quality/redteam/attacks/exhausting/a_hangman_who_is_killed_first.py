"""Idea: Whoever comes to kill as the student's own user is killed first, by one of a hundred.
Must: None of them is left when the next kernel starts, and there is room for it.
"""

import os
import signal
import time

END = time.monotonic() + 55
os.environ["NAME"] = MARK
for _ in range(100):
    if os.fork() == 0:
        os.execve("/bin/sleep", ["sleep", "55", MARK], os.environ)
if os.fork() == 0:
    os.setsid()
    while time.monotonic() < END:
        for name in os.listdir("/proc"):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    if name.isdigit() and b"os.kill(-1, 9)" in file.read():
                        os.kill(int(name), signal.SIGKILL)
            except OSError:
                continue
    os._exit(0)
os._exit(0)
