"""The command line: words become calls, and results become lines and exit codes.

Here are the program itself, its commands in their order, and what an error says and which
exit code it gives. Each other file has one command or a few, with the lines that they
print; nothing but this package prints. Results go to standard output, the rest to standard
error, so that a pipe gets results alone. The packages that do the work are imported inside
the commands, because `gradekit --help` must answer at once and Docker, Otter and NumPy
take seconds to load.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

import click

from gradekit import __version__
from gradekit.cli import (
    audit,
    author,
    calibrate,
    grade,
    machines,
    platforms,
    redteam,
    regrade,
    reports,
    written,
)
from gradekit.cli.options import AUTHOR, STAFF, STOPPED, USAGE, Choose
from gradekit.core.errors import AuthorError, GradekitError, GraderError, SubmissionError

__all__ = ["main"]

# In the order in which people need them; the help shows it so.
SECTIONS: dict[str, list[click.Command]] = {
    "An assignment": [
        author.new,
        author.build,
        audit.audit,
        calibrate.calibrate,
        redteam.redteam,
    ],
    "A class": [
        platforms.collect,
        grade.grade,
        written.written,
        regrade.regrade,
        reports.report,
        reports.items,
        platforms.export,
    ],
    "This machine": [machines.doctor, machines.image, machines.cluster],
}
EXIT_CODES = {AuthorError: AUTHOR, SubmissionError: USAGE, GraderError: STAFF}


class SectionedGroup(click.Group):
    """A group whose help shows the commands by section, each with its whole first line."""

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections with the first line of each command's docstring."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                rows = [(f"{c.name:<9}", (c.help or "").partition("\n")[0]) for c in commands]
                formatter.write_dl(rows, col_max=12)


@click.group(
    cls=SectionedGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(
    __version__, message="%(prog)s %(version)s", help="Show the version and exit."
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Grade Jupyter notebooks without letting them grade themselves.

    `gradekit COMMAND --help` explains a command and shows what it prints.

    \b
    Exit codes:
      0    done, whatever the students scored
      2    wrong usage, or a file that is not what it should be
      3    the author has to correct the assignment
      5    gradekit failed, or could not grade some; results so far are kept
      130  stopped with Ctrl-C

    A student's file that cannot be read is no failure: that submission is
    ungraded, its reason is printed, and the exit code is still 0.
    """


for section in SECTIONS.values():
    for command in section:
        cli.add_command(command)


def main(arguments: Sequence[str] | None = None, choose: Choose | None = None) -> int:
    """Run the command line and return its exit code; `choose` makes sandboxes in tests."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        # Names have more letters than some terminals; spelled out is better than a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(arguments, prog_name="gradekit", standalone_mode=False, obj=choose)
        return int(code or 0)
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except BrokenPipeError:
        # `gradekit grade ... | head` has seen enough. Python would complain when it flushes
        # standard output at exit, so that has to lead somewhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in arguments:
            raise
        click.echo(_sentence(error), err=True)
        codes = (code for kind, code in EXIT_CODES.items() if isinstance(error, kind))
        return next(codes, STAFF)


def _sentence(error: Exception) -> str:
    """Return what a person is told of an error, fit for a terminal."""
    from gradekit.core.escape import printable

    if isinstance(error, GradekitError):
        return "\n".join(printable(line) for line in str(error).splitlines())
    # Whoever runs gradekit can mend a folder, so it is named and not called a failure.
    if isinstance(error, OSError) and isinstance(error.filename, str | bytes):
        remedy = "Check that the file or folder is there."
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            remedy = "Allow this user to read and write there, or name another folder."
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            remedy = "Make room there, or name another folder."
        path = printable(os.fsdecode(error.filename))
        return f"{path}: {(error.strerror or str(error)).lower()}. {remedy}"
    kind = f"{type(error).__name__}: {printable(str(error))}"
    return f"gradekit failed ({kind}). Run it again with --debug and report what it prints."
