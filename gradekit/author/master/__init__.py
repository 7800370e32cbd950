"""The master notebook: its markers are read, and what would leak or be misread is refused.

It is read as text; none of its code runs here.
"""

from gradekit.author.master.check_cell import CheckCell, configuration
from gradekit.author.master.markers import SOLUTION_LINES
from gradekit.author.master.master import Master, MasterQuestion, find_master, read_master
from gradekit.author.master.notebook import Cell, cells_of, load_notebook, reading, text_of
from gradekit.author.master.student_cells import without_ignored

__all__ = [
    "SOLUTION_LINES",
    "Cell",
    "CheckCell",
    "Master",
    "MasterQuestion",
    "cells_of",
    "configuration",
    "find_master",
    "load_notebook",
    "markers",
    "read_master",
    "reading",
    "student_cells",
    "text_of",
    "without_ignored",
]
