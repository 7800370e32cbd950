"""Idea: exceptions in answers are caught, and their tracebacks and contexts searched upwards.
Must: find no planted word; a traceback ends where the agent begins.
"""

import sys


def upwards(trace):
    while trace:
        frame = trace.tb_frame
        while frame:
            keep(repr(frame.f_locals)[:100_000])
            keep(frame.f_code.co_filename)
            frame = frame.f_back
        trace = trace.tb_next


def excepthook(kind, error, trace, *rest):
    upwards(trace)


sys.excepthook = sys.unraisablehook = excepthook
get_ipython().set_custom_exc(
    (BaseException,), lambda shell, kind, error, trace, tb_offset: upwards(trace)
)


def forge(name):
    def answer(*given, **named):
        try:
            raise ValueError(name)
        except ValueError as error:
            upwards(error.__traceback__)
        return 0

    return answer
