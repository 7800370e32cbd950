"""A person marks written answers: in the browser, or in a spreadsheet."""

from gradekit.marking.marking import Desk
from gradekit.marking.server import serve
from gradekit.marking.spreadsheet import exported, imported

__all__ = [
    "Desk",
    "exported",
    "imported",
    "serve",
]
