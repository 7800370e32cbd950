"""What the author wrote, and the three folders made of it.

`master` reads and refuses; `build` makes student/, solutions/ and autograder/; `promises`
tries what was made before it counts. Nothing here knows a submission.
"""

from gradekit.author.build import Built, build_assignment
from gradekit.author.dist import pack_archives
from gradekit.author.example_answers import ORACLE, AnswerBook, coding
from gradekit.author.master.master import Master, Question, read_master
from gradekit.author.master.notebook import cells_of, load_notebook, text_of
from gradekit.author.promises import build_and_try
from gradekit.author.rendering import render_solution
from gradekit.author.starter import start_assignment

__all__ = [
    "ORACLE",
    "AnswerBook",
    "Built",
    "Master",
    "Question",
    "build_and_try",
    "build_assignment",
    "canary",
    "cells_of",
    "coding",
    "example_answers",
    "load_notebook",
    "pack_archives",
    "read_master",
    "render_solution",
    "start_assignment",
    "text_of",
]
