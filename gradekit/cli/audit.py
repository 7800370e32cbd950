"""The command that measures how good the checks are, and its report, 80 columns wide.

What is printed are the numbers of `quality.audit`; nothing is computed here.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import contextlib
import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradekit.cli.options import AUTHOR, FOLDER, JOBS, Choose, say
from gradekit.core.errors import AuthorError
from gradekit.core.files import temporary_folder

if TYPE_CHECKING:
    from gradekit.author import AnswerBook, Built
    from gradekit.quality.audit import Audit, GradedAnswer, QuestionAudit, Rate
    from gradekit.sandbox import Sandbox

WIDTH = 80
RATES = {  # of a question's measurement, and the title of the column
    "false_rejects": "right: rejected",
    "false_accepts": "wrong: accepted",
    "surviving": "mutants: survive",
}
COLUMN = 19  # "99 of 99 (0-100 %)" and a blank
ASSIGNMENT = click.argument("assignment", type=FOLDER, default=Path("assignment"))


@click.command()
@ASSIGNMENT
@click.option(
    "--only", multiple=True, metavar="QUESTION", help="Measure only this question. May be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="Print every answer and number as JSON.")
@click.option("--all-mutants", is_flag=True, help="Try every mutant, not 60 for each question.")
@click.option(
    "--fresh",
    is_flag=True,
    help="Grade each answer in a worker of its own, and use no cached measurement. Slow.",
)
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="Where the answers run. auto: bubblewrap if it is installed, else none, which "
    "isolates nothing and will do, because the answers are your own.",
)
@JOBS
@click.pass_obj
def audit(
    choose: Choose | None,
    *,
    assignment: Path,
    only: tuple[str, ...],
    as_json: bool,
    all_mutants: bool,
    fresh: bool,
    sandbox: str,
    jobs: int | None,
) -> None:
    """Measure how often the checks reject and accept answers wrongly.

    ASSIGNMENT is a master notebook or the folder with it (default: assignment).
    Beside the master is a folder of answers that the author wrote:

    \b
      answers/<question>/right/<name>.py   the text of the answer cell; the first
      answers/<question>/wrong/<name>.py   line, a comment, says the idea
      answers/oracle.py                    def <question>(namespace): assert ...
      answers/audit.toml                   skip, leave, shown, [[survivor]]

    Every answer, mutants of the solution and the untouched cell are graded by the
    real worker. The oracle, which knows nothing of the checks, verifies that right
    answers are right and wrong ones wrong, and says which mutants are wrong.
    Nothing is written to audit.json: `gradekit build` does that, and refuses
    numbers that got worse.

    \b
      $ gradekit audit
                  right: rejected      wrong: accepted      mutants: survive
      conv1d      0 of 16 (0-21 %)     0 of 27 (0-13 %)     0 of 18 (0-19 %)
      ...

    \b
    Exit codes: 0 nothing to mend; 3 an answer is graded wrongly, a mutant
    survives unexplained, or a check never fails; 5 gradekit failed.
    """
    from gradekit.author import build_assignment, example_answers, find_master, read_master
    from gradekit.quality.audit import MAX_MUTANTS

    book = example_answers.read(read_master(assignment))
    if book is None:
        raise AuthorError(
            f"{find_master(assignment).parent}: there is no folder answers/ to measure with. "
            '"gradekit audit --help" says what goes into it.'
        )
    # Not in the author's folders: an audit of an unfinished master must change nothing there.
    with temporary_folder() as folder:
        built = build_assignment(assignment, folder)
        max_mutants = None if all_mutants else MAX_MUTANTS
        this_audit = audit_of(
            built, book, sandbox, choose, jobs=jobs, fresh=fresh, max_mutants=max_mutants
        )
        measurements = measure_with_bar(this_audit, _chosen(only, this_audit.questions))
    to_mend = [line for measurement in measurements for line in findings(measurement, book)]
    if as_json:
        click.echo(json.dumps(to_json(measurements, book), indent=1))
    else:
        questions = built.master.questions
        with_code = [question.name for question in questions if example_answers.coding(question)]
        blocks = [
            rates(measurements),
            *map(checks, measurements),
            (line for measurement in measurements for line in notes(measurement, book)),
            to_mend,
            not_measured(book, with_code),
        ]
        texts = ["\n".join(block) for block in blocks]
        click.echo("\n\n".join(text for text in texts if text))
    if to_mend:
        raise click.exceptions.Exit(AUTHOR)


def _chosen(only: Sequence[str], questions: Sequence[str]) -> list[str]:
    """Return the questions to measure, in their order."""
    for name in only:
        if name not in questions:
            raise click.UsageError(
                f"--only {name}: the measured questions are {', '.join(questions)}."
            )
    return [name for name in questions if not only or name in only]


def audit_of(
    built: Built, book: AnswerBook, sandbox: str, choose: Choose | None, *,
    jobs: int | None = None, fresh: bool = False, max_mutants: int | None = 60,
) -> Audit:  # fmt: skip
    """Return an audit whose answers run where this sandbox says."""
    from gradekit.quality.audit import Audit
    from gradekit.sandbox import LocalSandbox, cores

    # Never Docker: sixty answers share a worker, and an image for them would take minutes.
    isolation = "bubblewrap" if sandbox != "none" and shutil.which("bwrap") else "none"

    def local(bundle: Path) -> Sandbox:
        return choose(isolation, bundle) if choose else LocalSandbox(bundle, isolation)

    return Audit(
        built=built,
        book=book,
        sandbox_for=local,
        jobs=jobs or cores(),
        fresh=fresh,
        max_mutants=max_mutants,
    )


def measure_with_bar(audit: Audit, questions: Sequence[str]) -> list[QuestionAudit]:
    """Run an audit with a progress bar."""
    from rich.console import Console

    from gradekit.cli.progress import Bar

    bars: list[Bar] = []  # one, once the audit has said how many answers there are
    with contextlib.ExitStack() as stack:

        def begin(total: int) -> None:
            if total:
                uncached = [name for name in questions if audit.cached(name) is None]
                say(f"measuring the checks of {', '.join(uncached)}: {total // 2} answers")
            bars.append(stack.enter_context(Bar(Console(stderr=True), total)))

        def done(question: str, number: int) -> None:
            for _ in range(number):
                bars[0].advance(question)

        return audit.measure(questions, begin, done)


def rates(measurements: Sequence[QuestionAudit]) -> Iterator[str]:
    """Yield the table of error rates."""
    from gradekit.quality.audit import CONFIDENCE, METHOD, pooled

    width = max(8, *(len(measurement.question) for measurement in measurements))
    yield _row("", RATES.values(), width)
    for measurement in measurements:
        cells = [_rate(getattr(measurement, rate)) for rate in RATES]
        yield _row(measurement.question, cells, width)
    yield _row("together", [_rate(pooled(measurements, rate)) for rate in RATES], width)
    yield f"In brackets {CONFIDENCE:.0%} intervals after {METHOD}."


def _row(name: str, cells: Iterable[str], width: int) -> str:
    return f"{name:<{width}}  " + "  ".join(f"{cell:<{COLUMN}}" for cell in cells).rstrip()


def _rate(rate: Rate) -> str:
    """Return a count, of how many, and the interval in per cent."""
    if not rate.of:
        return "none tried"
    low, high = (percent(bound) for bound in rate.interval)
    return f"{rate.count} of {rate.of} ({low}-{high} %)"


def percent(share: float) -> str:
    """Return a share in per cent with two digits that count, 0 and 100 as they are."""
    return f"{100 * share:.2g}" if 0.0005 < share < 0.995 else f"{100 * share:.3g}"


def checks(measurement: QuestionAudit) -> Iterator[str]:
    """Yield what each check of a question catches."""
    wrong = measurement.false_accepts.of + measurement.surviving.of
    mutants = sum(answer.kind == "mutant" for answer in measurement.answers)
    of_all = f" of {measurement.mutants_made}" if mutants < measurement.mutants_made else ""
    yield (
        f"{measurement.question}: {wrong} wrong answers and mutants "
        f"(of {mutants}{of_all} mutants tried,"
    )
    yield f"{len(measurement.equivalent):>4} are equivalent as far as the oracle can tell)"
    for index, name in enumerate(measurement.checks):
        kind = "hidden" if measurement.hidden[index] else "public"
        caught, alone = len(measurement.caught[index]), measurement.alone(index)
        short_name = textwrap.shorten(name, WIDTH - 34, placeholder="...")
        yield f"  {kind} {caught:>4} caught {alone:>4} alone  {short_name}"
    for first, second in measurement.redundant:
        yield from wrapped(f'"{first}" and "{second}" catch exactly the same.')


def findings(measurement: QuestionAudit, book: AnswerBook) -> Iterator[str]:
    """Yield everything that an author must look at, with its source; nothing if all is well."""
    from gradekit.quality.audit import unexplained_survivors

    groups = (
        ("mislabelled, the oracle contradicts", measurement.disputed),
        ("a check failed by itself", measurement.undecided),
        ("right, but rejected", measurement.rejected),
        ("wrong, but gets all points", measurement.accepted),
        ("mutant survives", unexplained_survivors(measurement, book)),
    )
    for title, answers in groups:
        for answer in answers:
            yield from _finding(measurement, title, answer)
    for name in measurement.idle:
        yield from wrapped(f'{measurement.question}: the check "{name}" fails no wrong answer.', "")


def _finding(measurement: QuestionAudit, title: str, answer: GradedAnswer) -> Iterator[str]:
    yield from wrapped(f"{measurement.question}, {title}: {answer.name}", "")
    if answer.why:
        yield from wrapped(f"oracle: {answer.why}")
    results = zip(measurement.checks, answer.verdicts, answer.messages, strict=True)
    for name, verdict, message in results:
        if verdict != "passed":
            yield from wrapped(f"{verdict}: {name}: {message}")
    for line in "\n# %%\n".join(answer.cells).split("\n"):
        yield f"    {line}"[: WIDTH + 20]


def notes(measurement: QuestionAudit, book: AnswerBook) -> Iterator[str]:
    """Yield what is worth knowing and stops nothing."""
    question = measurement.question
    for answer in measurement.survivors:
        if explanation := book.explained.get((question, answer.name)):
            yield from wrapped(f"{question}, explained survivor: {answer.name}", "")
            yield from wrapped(explanation)
    survivors = {answer.name for answer in measurement.survivors}
    for explained_question, name in book.explained:
        if explained_question == question and name not in survivors:
            yield from wrapped(f"{question}: explained in audit.toml, but no survivor: {name}", "")
    for answer in measurement.rejected_equivalents:
        yield from wrapped(
            f"{question}, the oracle passes it and the checks do not: {answer.name}", ""
        )


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """Return a text in lines."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def not_measured(book: AnswerBook, with_code: Sequence[str]) -> Iterator[str]:
    """Yield which of the questions that ask for code are not measured here."""
    unanswered = [
        name for name in with_code if name not in book.questions and name not in book.leave
    ]
    if book.leave:
        yield from wrapped(f"left to other measures: {', '.join(book.leave)}", "")
    if unanswered:
        yield from wrapped(f"NOT MEASURED, no answers: {', '.join(unanswered)}", "")


def to_json(measurements: Sequence[QuestionAudit], book: AnswerBook) -> dict[str, Any]:
    """Return every answer and number, for machines."""
    from gradekit.quality.audit import CONFIDENCE, METHOD, pooled

    return {
        "method": METHOD,
        "confidence": CONFIDENCE,
        "together": {rate: pooled(measurements, rate).to_json() for rate in RATES},
        "questions": [
            {
                **measurement.to_json(),
                **{rate: getattr(measurement, rate).to_json() for rate in RATES},
                "idle": measurement.idle,
                "redundant": measurement.redundant,
                "survivors": [
                    {
                        "mutant": answer.name,
                        "why": book.explained.get((measurement.question, answer.name)),
                    }
                    for answer in measurement.survivors
                ],
            }
            for measurement in measurements
        ],
    }
