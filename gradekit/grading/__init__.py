"""A class: every file handed in becomes a report, and the journal remembers each.

The journal is the only state; reports, gradebook and pages are views of it. What people
mark by hand is kept here too, beside what the checks found.
"""

from gradekit.grading.grader import Graded, Grader
from gradekit.grading.human_marks import HumanMarks, counts, of_class, standing, write_views
from gradekit.grading.journal import WRITTEN, Journal
from gradekit.grading.regrade import Change, Regrader
from gradekit.grading.results import Results, document
from gradekit.grading.run import Summary, grade_class
from gradekit.grading.written_answers import Answer, State, answers, shown

__all__ = [
    "WRITTEN",
    "Answer",
    "Change",
    "Graded",
    "Grader",
    "HumanMarks",
    "Journal",
    "Regrader",
    "Results",
    "State",
    "Summary",
    "answers",
    "counts",
    "document",
    "grade_class",
    "of_class",
    "shown",
    "standing",
    "write_views",
]
