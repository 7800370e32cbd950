"""A class is graded, marked by people, graded again: the folder of results.

The journal is the only state: it is the cache of what was graded, and it has the marks of
people. Reports, gradebook and pages are views of it, written whole each time. `grade_class`
is the whole run; a `Watcher` such as the terminal is told how it gets on.
"""

from gradekit.grading.grader import Graded, Grader
from gradekit.grading.human_marks import HumanMarks, applies_to, current_reports
from gradekit.grading.journal import WRITTEN, Journal
from gradekit.grading.recovery import restore_human_marks
from gradekit.grading.regrader import Change, Regrader
from gradekit.grading.results import Results, document
from gradekit.grading.run import Summary, Watcher, grade_class
from gradekit.grading.written_answers import AnswerState, WrittenAnswer, clean_text, find_answers

__all__ = [
    "WRITTEN",
    "AnswerState",
    "Change",
    "Graded",
    "Grader",
    "HumanMarks",
    "Journal",
    "Regrader",
    "Results",
    "Summary",
    "Watcher",
    "WrittenAnswer",
    "applies_to",
    "clean_text",
    "current_reports",
    "document",
    "find_answers",
    "grade_class",
    "restore_human_marks",
]
