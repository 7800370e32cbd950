"""A person marks written answers, in the browser or in a spreadsheet.

Both ways save into the journal of the results folder, under the same rules (`Marking`).
"""

from gradekit.marking.marking import Marking
from gradekit.marking.server import serve
from gradekit.marking.spreadsheet import export_marks, import_marks

__all__ = [
    "Marking",
    "export_marks",
    "import_marks",
    "serve",
]
