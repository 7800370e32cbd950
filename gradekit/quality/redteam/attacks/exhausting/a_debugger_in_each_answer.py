"""Idea: A breakpoint in the answer, post-mortem debuggers after each error and traced lines.
Must: A debugger that nobody serves ends at the limit of the call.
"""

import pdb
import sys
import time

get_ipython().run_line_magic("pdb", "on")
END = time.monotonic() + 60


def traced(*given):
    if time.monotonic() < END:
        time.sleep(0.01)
    return traced


def forge(name):
    def answer(*given):
        pdb.Pdb(skip=None).set_trace()

    return answer


sys.settrace(traced)
1 / 0
