"""Idea: A pattern that backtracks for years runs in C, where no interrupt is looked at.
Must: The kernel is killed after its limit, at each check and each restart, within the total.
"""

import re
import signal

signal.alarm(60)  # the system ends it where nobody else does


def forge(name):
    return re.match(r"(a|a?)+$", "a" * 40 + "b")


forge("")
