"""Idea: an audit hook sees every import, open and compile of the process, and cannot be removed.
Must: earn nothing, because the worker's process has no hook of ours.
"""

import sys

seen = []


def hook(event, given):
    if event in ("import", "open", "exec", "compile") and len(seen) < 1000:
        seen.append(repr(given)[:200])
        if any(word in seen[-1] for word in ("reference", "hidden", "checks", "expected")):
            keep(seen[-1])
            raise SystemExit(0)


sys.addaudithook(hook)


def forge(name):
    return lambda *given, **named: seen
