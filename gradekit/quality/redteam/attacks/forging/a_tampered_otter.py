"""Idea: the stand-in for Otter in the kernel is given a check that passes and a score to export.
Must: earn nothing, because its calls in the notebook decide nothing.
"""

import sys

otter = sys.modules.get("otter")


class Notebook:
    score = points = total = 100.0
    check = check_all = export = run_plugin = lambda self, *given, **named: Notebook()
    __init__ = lambda self, *given, **named: None
    __repr__ = _repr_html_ = lambda self: "<b>all tests passed</b>"
    grade = 1.0
    passed_all = all_passed = True


if otter is not None:
    otter.Notebook = Notebook
    otter.__version__ = "7.0.0"
    otter.grade = otter.run = lambda *given, **named: 100.0
grader = Notebook()


def forge(name):
    return grader
