"""Idea: With all descriptors in use, the kernel can open no file and accept no connection.
Must: The question is lost, the worker is not, and whatever it needs it has already.
"""

import os
import resource

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
taken = []
try:
    while len(taken) < 60_000:
        taken.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass


def forge(name):
    return open("/dev/null")
