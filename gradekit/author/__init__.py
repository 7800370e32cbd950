"""What the author wrote, and the three folders made of it.

`master` reads and refuses; `build` makes student/, solutions/ and autograder/; `promises`
tries a build before it counts. Nothing here knows a class or its students.
"""

from gradekit.author.build import Built, build_assignment, draft_assignment
from gradekit.author.dist import pack_archives, render_solution
from gradekit.author.example_answers import ORACLE, AnswerBook, coding
from gradekit.author.master import (
    Master,
    MasterQuestion,
    cells_of,
    find_master,
    load_notebook,
    read_master,
    text_of,
)
from gradekit.author.promises import prove_build
from gradekit.author.starter import start_assignment

__all__ = [
    "ORACLE",
    "AnswerBook",
    "Built",
    "Master",
    "MasterQuestion",
    "build_assignment",
    "canary",
    "cells_of",
    "coding",
    "draft_assignment",
    "example_answers",
    "find_master",
    "load_notebook",
    "pack_archives",
    "prove_build",
    "read_master",
    "render_solution",
    "start_assignment",
    "text_of",
]
