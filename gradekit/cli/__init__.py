"""The command line: words become calls, and results become lines and exit codes."""

from gradekit.cli.group import main

__all__ = ["main"]
