"""The command line: words become calls, and what comes back becomes an exit code.

This and `session` are the only places that print. Results go to standard output, the rest to
standard error, so that a pipe gets results alone. Every error that was raised
on purpose is shown as its sentence; its class decides the exit code. The other
modules are imported inside the commands, because `gradekit --help` must answer
at once and Docker, Otter and NumPy take seconds to load.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradekit import __version__, platform_commands, quality_commands, zoo
from gradekit.errors import AuthorError, GradekitError, GraderError, SubmissionError

if TYPE_CHECKING:
    from gradekit.doctor import Diagnosis
    from gradekit.sandbox import Sandbox

Choose = Callable[[str, "Path"], "Sandbox"]  # of a name and a bundle

USAGE, AUTHOR, STAFF, STOPPED = 2, 3, 5, 130
FOLDER = click.Path(path_type=Path)
UNPROTECTED = (
    "WARNING: --sandbox none protects nothing. The students' code runs with your rights:\n"
    "it can read and change your files and its own marks. For notebooks you trust only."
)


def main(arguments: Sequence[str] | None = None, choose: Choose | None = None) -> int:
    """Run the command line and return its exit code; `choose` makes sandboxes in tests."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names need more letters than some terminals have
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(arguments, prog_name="gradekit", standalone_mode=False, obj=choose)
        return int(code or 0)
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except BrokenPipeError:  # `gradekit grade ... | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in arguments:
            raise
        return _explained(error)


def _explained(error: Exception) -> int:
    """Print the sentence for an error and return the exit code of whoever can mend it."""
    from gradekit.handin import printable

    codes = {AuthorError: AUTHOR, SubmissionError: USAGE, GraderError: STAFF}
    if isinstance(error, GradekitError):
        text = "\n".join(printable(line) for line in str(error).splitlines())
    else:
        kind = f"{type(error).__name__}: {printable(str(error))}"
        text = f"gradekit failed ({kind}). Run it again with --debug and report what it prints."
    click.echo(text, err=True)
    return next((code for kind, code in codes.items() if isinstance(error, kind)), STAFF)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Grade Jupyter notebooks without letting them grade themselves.

    \b
      gradekit build                 master -> student/ solutions/ autograder/
      gradekit grade submissions/    one line for each, results/gradebook.csv
      gradekit collect ARCHIVE       a platform's download -> submissions/
      gradekit export canvas         grades in the form a platform takes back
      gradekit redteam               attack the grading of an assignment
      gradekit calibrate, items      how good are its bars, its checks on a class?
      gradekit doctor                can this machine grade?

    \b
    Exit codes: 0 done, whatever the students scored; 2 wrong usage;
    3 the author must mend the master; 5 gradekit failed, results so far
    are kept; 130 stopped with Ctrl-C.
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"


cli.add_command(platform_commands.collect)
cli.add_command(platform_commands.export)
quality_commands.hang(cli)

SANDBOX = click.option(
    "--sandbox",
    type=click.Choice(["auto", "docker", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="What holds the students' code. auto takes docker, else bubblewrap; "
    "none protects nothing.",
)
BUNDLE = click.option(
    "--bundle",
    "bundle_folder",
    type=FOLDER,
    default=Path("autograder"),
    show_default=True,
    help="What grades, as `gradekit build` wrote it.",
)
JOBS = click.option(
    "--jobs", type=click.IntRange(1, 256), help="How many at a time.  [default: one for each core]"
)


@cli.command()
@click.argument("assignment", type=FOLDER, default=Path("assignment"))
@click.option("--into", type=FOLDER, help="Where the three folders go.  [default: here]")
@click.option("--no-page", is_flag=True, help="Do not execute the solution as a page to read.")
@SANDBOX
@click.pass_obj
def build(
    choose: Choose | None, *, assignment: Path, into: Path | None, no_page: bool, sandbox: str
) -> None:
    """Build what students receive, what staff read and what grades.

    ASSIGNMENT is a master notebook or the folder with it (default: assignment).
    Its build is tried out before it replaces an earlier one: the solution earns
    every point, the untouched notebook none, nothing hidden is in student/, and
    a rebuild is equal. Zips of student/ and autograder/, and the executed
    solution as a page, go to dist/. Here --sandbox auto takes bubblewrap first,
    which needs no image.

    \b
      $ gradekit build
      7 questions, 31 checks (18 public, 13 hidden), 40 points
        student/     exercise.ipynb and 7 files
        solutions/   exercise.ipynb
        autograder/  7 check files, Dockerfile, manifest.json
      solution 40 / 40, blank 0 / 40, nothing hidden in student/, rebuild equal
    """  # noqa: D301 - the backspace again
    from gradekit.dist import pack
    from gradekit.promises import build_and_try

    into = into or Path()
    if sandbox == "auto" and shutil.which("bwrap"):
        sandbox = "bubblewrap"  # no image to build for a notebook that changes all the time
    kept = build_and_try(assignment, into, lambda bundle: _sandbox(sandbox, bundle, choose))
    click.echo(kept.summary())
    pack(kept.built, into / "dist")
    if not no_page:
        from gradekit.bundle import prepared
        from gradekit.rendering import render

        files = prepared(kept.built.autograder) / "files"
        render(kept.built, files, into / "dist" / f"{kept.built.master.path.stem}.html")


@cli.command()
@click.argument("submissions", type=FOLDER)
@BUNDLE
@click.option(
    "--results",
    "results_folder",
    type=FOLDER,
    default=Path("results"),
    show_default=True,
    help="Folder for the reports and gradebook.csv.",
)
@SANDBOX
@JOBS
@click.option("--only", multiple=True, metavar="ID", help="Grade only this one. May be repeated.")
@click.option(
    "--again", multiple=True, metavar="ID", help="Grade this one though it was graded before."
)
@click.option("--seed", default="", metavar="TEXT", help="Draw other random inputs for checks.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as one JSON document.")
@click.pass_obj
def grade(
    choose: Choose | None,
    *,
    submissions: Path,
    bundle_folder: Path,
    results_folder: Path,
    sandbox: str,
    jobs: int | None,
    only: tuple[str, ...],
    again: tuple[str, ...],
    seed: str,
    as_json: bool,
) -> None:
    """Grade a class: every file handed in gets a line, a report and a row.

    SUBMISSIONS is a folder of notebooks, a folder with a folder for each
    student, or one notebook. Each file and each folder in it is one submission,
    except README files, .toml files and hidden ones. A student's folder may
    hold other files, but exactly one notebook. Links are not followed.

    \b
      $ gradekit grade submissions/
      alice    34 / 40  failed: conv1d (flips the kernel)
      bo       40 / 40
      chen    ungraded  the file is empty. Download it again from Jupyter ...

    "ungraded" means that there is no score, which is not zero. Ctrl-C once
    waits for what runs and keeps it, twice stops now. The same command goes on
    after that, or after a crash: what was graded is not graded again unless
    the file, the bundle, the sandbox, a limit or the seed has changed.
    """  # noqa: D301 - the backspace again
    from gradekit.bundle import Bundle
    from gradekit.gradebook import Results
    from gradekit.grading import Grader
    from gradekit.handin import find
    from gradekit.journal import Journal
    from gradekit.session import Session

    handins = find(submissions, leave_out=[results_folder, submissions / "roster.csv"])
    ids = [handin.id for handin in handins]
    _refuse_unknown("--only", only, ids, "nobody handed in under this id")
    _refuse_unknown("--again", again, ids, "nobody handed in under this id")
    wanted = [handin for handin in handins if not only or handin.id in only]
    bundle = Bundle.load(bundle_folder)
    results = Results(results_folder, [handin.id for handin in handins])
    _mention_staff_files(submissions)
    with Journal(results_folder) as journal:
        chosen = _sandbox(sandbox, bundle_folder, choose)
        grader = Grader(bundle=bundle, sandbox=chosen, key=seed, journal=journal, again=again)
        session = Session(handins, wanted, bundle, results, as_json)
        session.grade(grader, jobs or _cores())
    if session.ours:
        raise click.exceptions.Exit(STAFF)


def _refuse_unknown(option: str, given: Sequence[str], names: Sequence[str], who: str) -> None:
    """Refuse what an option names and nobody has; say what may have been meant."""
    import difflib

    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=3)
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            raise click.UsageError(f"{option} {name}: {who}.{hint}")


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


def _mention_staff_files(submissions: Path) -> None:
    from gradekit.handin import staff_files

    if names := staff_files(submissions):
        click.echo(f"not graded, because they are the staff's: {', '.join(names)}", err=True)


def _sandbox(name: str, bundle: Path, choose: Choose | None) -> Sandbox:
    """Return the sandbox of this name for a bundle, which is prepared first."""
    if name == "none":
        _warn(UNPROTECTED)
    if choose is not None:
        return choose(name, bundle)
    from gradekit.bundle import prepared
    from gradekit.sandbox import choose as choose_real

    return choose_real(name, prepared(bundle), say=_say)


def _warn(text: str) -> None:
    click.secho(text, fg=None if os.environ.get("NO_COLOR") else "red", err=True)


def _say(text: str) -> None:
    click.echo(text, err=True)


@cli.command(epilog=zoo.HOW_TO_ADD)
@click.argument("assignment", type=FOLDER, default=Path("assignment"))
@SANDBOX
@JOBS
@click.option("--only", multiple=True, metavar="NAME", help="Only this attack. May be repeated.")
@click.option("--zoo", "zoo_folder", type=FOLDER, help="Other attacks.  [default: gradekit's own]")
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
@click.pass_obj
def redteam(
    choose: Choose | None,
    *,
    assignment: Path,
    sandbox: str,
    jobs: int | None,
    only: tuple[str, ...],
    zoo_folder: Path | None,
    as_json: bool,
) -> None:
    """Attack the grading of an assignment, and count what gets through.

    ASSIGNMENT is a master notebook or the folder with it (default: assignment).
    A copy of it is built, with words planted in all that is hidden. Then every
    attack hands in the untouched notebook with a first cell of its own, which
    forges answers, reads, breaks out, uses everything up, or poisons what comes
    after. Points that only an attack gets are forged; a planted word that comes
    out is leaked; an honest notebook must be marked alike alone and among them.

    \b
      $ gradekit redteam
      forging     31 attacks  1 forged points
        equal-lists: forged 2 points in conv1d (returns a list)
      reading     22 attacks  nothing
      ...
      2 points forged, 0 canaries leaked, 0 effects on the host
      97 attacks in docker, 4 min 20 s, slowest a-loop-without-end 14 s

    Points are mostly given away by a check that believes an answer: let it ask
    for plain values and compare them itself.

    \b
    Exit codes: 0 nothing got through; 3 something did, or the assignment
    cannot be built; 5 an attack left no marks, or gradekit failed.
    """  # noqa: D301 - the backspace again
    from functools import partial

    from rich.console import Console

    from gradekit.progress import Bar
    from gradekit.redteam import run
    from gradekit.sandbox import choose as choose_real

    attacks = zoo.load(zoo_folder or zoo.home())
    _refuse_unknown("--only", only, [attack.name for attack in attacks], "no attack has this name")
    attacks = [attack for attack in attacks if not only or attack.name in only]
    if sandbox == "none":
        _warn(zoo.LET_LOOSE)
    chosen = choose or partial(choose_real, say=_say)
    with Bar(Console(stderr=True), len(attacks)) as bar:
        result = run(
            assignment,
            attacks,
            lambda ready: chosen(sandbox, ready),
            jobs=jobs or _cores(),
            done=lambda trial: bar.advance(trial.attack.name),
        )
    click.echo(json.dumps(result.to_json(), indent=1) if as_json else "\n".join(result.lines()))
    if not result.held or result.findings:
        raise click.exceptions.Exit(STAFF if result.held else AUTHOR)


@cli.command()
@BUNDLE
def image(bundle_folder: Path) -> None:
    """Build the Docker image that grades, if anything in it has changed.

    `gradekit grade` does this by itself; here it can be done beforehand. The
    base image is python:3.11-slim, or the one named by BASE_IMAGE.
    """
    from gradekit import image as images
    from gradekit.bundle import cache_root, prepared
    from gradekit.container import ask_engine

    answer = ask_engine()
    if answer.client is None:
        raise GraderError(f"Docker: {answer.reason}. Start it and run this again.")
    folder, base, cache = prepared(bundle_folder), images.base_image(), cache_root()
    click.echo(images.ensure_image(answer.client, folder, base=base, cache=cache, say=_say))


@cli.command()
@BUNDLE
def doctor(bundle_folder: Path) -> None:
    """Say whether this machine can grade, and what is enforced.

    Each line is something that was tried, not looked up; the promises of the
    sandbox are put to the same self-check that precedes every grading. Exit
    code 0 if `gradekit grade` would work here, 5 if not; then the lines say
    what to do.
    """
    from gradekit.doctor import examine

    diagnosis = examine(bundle_folder if bundle_folder.is_dir() else None)
    click.echo(_diagnosis(diagnosis))
    if not diagnosis.can_grade:
        raise click.exceptions.Exit(STAFF)


def _diagnosis(diagnosis: Diagnosis) -> str:
    """Return the findings in columns, and what the sandbox holds."""
    lines = []
    for finding in diagnosis.findings:
        start = f"{finding.subject:<11} {'ok' if finding.ok else 'NO':<3} "
        lines.append(_wrapped(start, finding.says))
        if not finding.ok:
            lines.append(_wrapped(" " * len(start), finding.remedy))
    if diagnosis.sandbox is not None:
        lines += ["", f"Grading here takes {diagnosis.sandbox}. What it promises, tried out:"]
    for one in diagnosis.tried:
        lines.append(_wrapped(f"  {'ok' if one.holds else 'NO':<3} ", one.promise))
        if not one.holds:
            lines.append(_wrapped("      ", f"what got through: {one.through}"))
    lines += [_wrapped("  ", diagnosis.untried)] if diagnosis.untried else []
    if not diagnosis.can_grade:
        return "\n".join([*lines, "", "This machine cannot grade yet."])
    lines += ["It does not protect from:"]
    lines += [_wrapped("      ", text) for text in diagnosis.not_covered]
    return "\n".join(lines)


def _wrapped(start: str, text: str) -> str:
    return click.wrap_text(text, width=80, initial_indent=start, subsequent_indent=" " * len(start))
