"""Canvas, Moodle, Gradescope and the like: a download comes in, grades go out.

Their tables are read and written here too, because each spreadsheet and each platform
has a dialect of its own.
"""

from gradekit.platforms.collect import collect_download
from gradekit.platforms.export import export_grades
from gradekit.platforms.table import Worksheet, csv_bytes, decimal, parse_number

__all__ = [
    "Worksheet",
    "collect_download",
    "csv_bytes",
    "decimal",
    "export_grades",
    "parse_number",
]
