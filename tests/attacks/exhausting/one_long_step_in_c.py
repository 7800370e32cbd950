"""Idea: regular expressions and powers run in C for minutes and look for no interrupt.
Must: cost its own cell; time is kept by another process.
"""

import re
import signal

signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.alarm(60)  # ends it if nobody else does
re.match(r"(a|aa)+$", "a" * 60 + "b")
pow(3, 10**9)
