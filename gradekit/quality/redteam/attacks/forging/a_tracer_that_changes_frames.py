"""Idea: a trace function rewrites the local variables of every frame that compares or answers.
Must: earn nothing, because only frames of the kernel can be traced.
"""

import ctypes
import sys
import threading


def trace(frame, event, argument):
    for name in ("expected", "want", "result", "error", "value"):
        if name in frame.f_locals:
            frame.f_locals[name] = True
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return trace


sys.settrace(trace)
threading.settrace(trace)
sys._getframe(1).f_trace = trace


def forge(name):
    return lambda *given, **named: 0
