"""Canvas, Moodle, Gradescope and the like: a download comes in, grades go out."""

from gradekit.platforms.collect import collect_download
from gradekit.platforms.export import export_grades, write_export
from gradekit.platforms.fill_in import decimal
from gradekit.platforms.grades import load_grades
from gradekit.platforms.table import MARK, Worksheet, number

__all__ = [
    "MARK",
    "Worksheet",
    "collect_download",
    "decimal",
    "export_grades",
    "grades",
    "load_grades",
    "number",
    "write_export",
]
