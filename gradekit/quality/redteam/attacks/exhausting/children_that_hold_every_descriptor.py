"""Idea: A child in a session of its own keeps all of the kernel's pipes and sockets open.
Must: Nobody waits for the end of a file, and the child ends with the namespaces.
"""

import os
import signal
import time

os.environ["LEFT"] = MARK
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                continue
        for number in range(3, 200):
            try:
                os.set_inheritable(number, True)
            except OSError:
                continue
        os.execvpe("sleep", ["sleep", "58"], os.environ)
os.kill(os.getpid(), signal.SIGKILL)
