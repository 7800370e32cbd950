"""Idea: A hundred small loops share the processor with the worker, each with an equal right.
Must: The worker keeps its limits and comes to its end in time; the crowd ends with the kernel.
"""

import os

os.environ["NAME"] = MARK
LOOP = "n=0; while [ $n -lt 400000000 ]; do n=$((n+1)); done"
command = ["timeout", "58", "sh", "-c", LOOP, MARK]


def forge(name):
    for _ in range(50):
        try:
            os.posix_spawn("/usr/bin/timeout", command, os.environ, setsid=True)
        except OSError:
            break
    return lambda *given: os._exit(0)
