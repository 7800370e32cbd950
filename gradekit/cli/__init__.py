"""The command line: words become calls, and results become lines and exit codes."""

from gradekit.cli.audit_lines import NUMBERS, percent
from gradekit.cli.group import main

__all__ = [
    "NUMBERS",
    "main",
    "percent",
]
