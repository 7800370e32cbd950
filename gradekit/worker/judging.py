"""One check, from its first probe to its mark and the sentence the student reads.

Who is to blame is decided here. What the student's code does wrong costs the check;
what only the check itself can have done wrong (a missing module, an undefined name)
is our failure and leaves it unmarked. A public check shows what it says; of a
hidden one the student reads only the text that its author wrote for students.
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
import io
import traceback
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from gradekit.core.bundle import Check
from gradekit.core.marks import Mark, Verdict
from gradekit.worker.kernel import Ended, Environment, StudentError

MAX_MESSAGE = 1500
OUR_FAULTS = (ImportError, NameError, SyntaxError, OSError, MemoryError, RecursionError)
STOPS = {
    Ended.TIME: "Your code took too long and was stopped.",
    Ended.OUTPUT: "Your code printed too much and was stopped.",
    Ended.MEMORY: "Your code ran out of memory and was stopped.",
    Ended.DIED: "Your code ended the kernel (it exited, ran out of memory or hung).",
}
OUT_OF_TIME = "The notebook as a whole ran out of time before this check."


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the sentence for the student, and what staff should know."""

    verdict: Verdict
    message: str = ""
    staff: str = ""


def judge(case: Any, hidden: bool, environment: Environment) -> Judgement:
    """Run one of Otter's test cases against the student's namespace.

    Raises
    ------
    Stopped
        If the student's code did not come to an end in time or ended its kernel.
    """
    function = case.body.test_func
    names = inspect.signature(function).parameters
    text = case.failure_message or claim(function)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            missing = [name for name in names if not _found(name, environment)]
            if missing:
                return Judgement(Verdict.FAILED, not_defined(missing))
            case.body.call_func(environment)
        except StudentError as error:
            return Judgement(Verdict.FAILED, _raised(error, text, hidden))
        except AssertionError as error:
            reason = "" if hidden else sentence(str(error), names)
            return Judgement(Verdict.FAILED, reason or sentence(text))
        # After `StudentError`, as which everything arrives that the student's code raises.
        except OUR_FAULTS as error:
            return Judgement(Verdict.UNMARKED, staff=_for_staff(error))
        except Exception as error:  # noqa: BLE001 - a value of an unexpected kind, met in the check
            return Judgement(Verdict.FAILED, sentence(text), staff=_for_staff(error))
    return Judgement(Verdict.PASSED)


def mark(check: Check, judgement: Judgement, public: str = "") -> Mark:
    """Return the mark that a judgement earns; `public` is the claim of a check that may be seen."""
    earned = {Verdict.PASSED: check.points, Verdict.UNMARKED: None}
    return Mark(
        name=check.name,
        hidden=check.hidden,
        verdict=judgement.verdict,
        points=earned.get(judgement.verdict, 0.0),
        out_of=check.points,
        message=judgement.message[:MAX_MESSAGE],
        claim=public[:MAX_MESSAGE],
    )


def stopped(how: Ended, public: str) -> Judgement:
    """Return the judgement of a check whose code had to be stopped."""
    return Judgement(Verdict.STOPPED, f"{STOPS[how]} {sentence(public)}".strip())


def found_no_kernel(mark: Mark) -> bool:
    """Return whether nothing was left to answer a check, which says little about the answer."""
    return mark.message.startswith((STOPS[Ended.DIED], OUT_OF_TIME))


def claim(function: Callable[..., Any]) -> str:
    """Return the first line of the check's docstring."""
    return (function.__doc__ or "This check failed.").strip().splitlines()[0]


def sentence(text: str, names: Container[str] = ()) -> str:
    """Return a text that ends with a stop and begins with a capital, or with one of the names."""
    text = text.strip()
    if not text:
        return ""
    first, after_first = (*text.split(None, 1), "")[:2]
    is_word = first.isalpha() and len(first) > 1 and first not in names
    if is_word and not after_first.startswith("="):
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".?!" else text + "."


def not_defined(names: list[str]) -> str:
    """Return what to say of names that the notebook does not define."""
    listed = ", ".join(f"`{name}`" for name in names)
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{listed} {verb} not defined. Run the cell that should define "
        f"{'it' if len(names) == 1 else 'them'} and look for its error."
    )


def _found(name: str, environment: Environment) -> bool:
    return name == "env" or name in environment


def _raised(error: StudentError, text: str, hidden: bool) -> str:
    """Say what was raised; of hidden checks only a type that everybody knows."""
    if error.kind == "NotImplementedError":
        stub = not hidden and error.text.startswith("Question")
        return (
            sentence(error.text)
            if stub
            else "Not answered yet: the code raises NotImplementedError."
        )
    is_builtin = isinstance(getattr(builtins, error.kind, None), type)
    kind = error.kind if is_builtin else "an exception"
    if hidden:
        return f"{sentence(text)} Your code raised {kind}."
    if error.kind == "UnfitError":
        return f"{sentence(text)} What came back cannot be used: {sentence(error.text)}"
    return f"{sentence(text)} Your code raised {sentence(str(error))}"


def _for_staff(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} in {where}: {str(error)[:300]}"
