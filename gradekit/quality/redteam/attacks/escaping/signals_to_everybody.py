"""Idea: the worker, its parents and the first process are stopped, interrupted and killed.
Must: hit nobody outside; the worker goes on.
"""

import os
import signal

own = {os.getpid()}
for pid in [os.getppid(), 1, *[int(name) for name in os.listdir("/proc") if name.isdigit()]]:
    for number in (signal.SIGSTOP, signal.SIGINT, signal.SIGKILL, signal.SIGRTMIN):
        if pid not in own:
            try:
                os.kill(pid, number)
            except OSError:
                pass
for number in (signal.SIGSTOP, signal.SIGKILL):
    try:
        os.kill(-1, number)
    except OSError:
        pass
for group in (0, 1, os.getppid()):
    try:
        os.killpg(group or os.getpgid(os.getppid()), signal.SIGKILL)
    except OSError:
        pass
