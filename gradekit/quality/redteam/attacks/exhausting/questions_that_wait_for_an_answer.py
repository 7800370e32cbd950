"""Idea: Ask the reader: by input, for a password, in a debugger, and on the raw descriptor.
Must: Nobody answers, and each such wait ends by itself or at the limit.
"""

import getpass
import os
import sys


def forge(name):
    def answer(*given):
        ways = [input, getpass.getpass, breakpoint, sys.stdin.read, lambda: os.read(0, 9)]
        return ways[len(given[0]) % 5]()

    return answer


for ask in (input, getpass.getpass, sys.stdin.read, lambda: open("/dev/tty").read()):
    try:
        ask()
    except Exception:
        continue
kernel = get_ipython().kernel
kernel._allow_stdin = True
kernel.raw_input(MARK)
