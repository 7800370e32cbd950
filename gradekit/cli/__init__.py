"""The command line: words become calls, and results become lines and exit codes.

Nothing but this package prints. Each file has one command or a few, with the lines that
they print; the packages that do the work are imported inside the commands.
"""

from gradekit.cli.group import main

__all__ = [
    "main",
]
