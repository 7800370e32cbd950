"""Idea: The kernel is replaced by a process that keeps its sockets and answers nothing, politely.
Must: Politeness is no answer; the process is killed with all others of its user.
"""

import os
import sys

os.environ["NAME"] = MARK
for number in range(3, 100):
    try:
        os.set_inheritable(number, True)
    except OSError:
        continue


def forge(name):
    silent = "import time, signal; signal.signal(2, signal.SIG_IGN); time.sleep(58)"
    return lambda *given: os.execve(sys.executable, [MARK, "-c", silent], os.environ)
