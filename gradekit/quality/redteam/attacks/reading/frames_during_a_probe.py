"""Idea: while a check calls, every frame of every thread is searched for words of the check.
Must: find no planted word; the frames above are the kernel's and the agent's.
"""

import sys


def look():
    for frame in list(sys._current_frames().values()):
        while frame:
            for part in (frame.f_locals, frame.f_globals):
                for value in list(part.values()):
                    if isinstance(value, (str, bytes, dict, list, tuple)):
                        keep(repr(value)[:200_000])
            keep(repr(frame.f_code.co_consts))
            frame = frame.f_back


def forge(name):
    def answer(*given, **named):
        look()
        return 0

    return answer
