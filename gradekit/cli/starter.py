"""The command that gives an author a small assignment to start from.

`group` hangs it into the program, and it prints as that does.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("name", type=click.Path(path_type=Path))
def new(*, name: Path) -> None:
    """Make a small assignment to start from, in a new folder NAME.

    Two questions with public and hidden checks, a written one, helpers, and
    three examples of what students hand in. It can be built and graded at once.

    \b
      $ gradekit new demo
      $ cd demo
      $ gradekit build
      $ gradekit grade
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"
    from gradekit.author import start_assignment

    for file in start_assignment(name):
        click.echo(f"{name / file}")
    click.echo(f'next: "cd {name}", "gradekit build", "gradekit grade"', err=True)
