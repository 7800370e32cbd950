"""Idea: while the check calls, a frame above may hold the expected value, as in other graders.
Must: earn nothing, because the check's frames are in another process.
"""

import sys


def search(given):
    frame, found = sys._getframe(1), []
    while frame:
        for name, value in {**frame.f_globals, **frame.f_locals}.items():
            if any(word in name for word in ("expect", "want", "right", "reference", "solution")):
                found.append(value)
        frame = frame.f_back
    return found


def forge(name):
    def answer(*given, **named):
        values = search(given)
        return values[0](*given, **named) if values and callable(values[0]) else (values or [0])[0]

    return answer
