"""The student's namespace as a check sees it: plain values, and references to the rest.

A check was written for Otter, where the namespace is a dictionary in the same
process. Here it is in the student's kernel, and `Environment` stands in for it:
looking up a name, reading an attribute, calling, indexing and iterating become
probes. What comes back is plain data of exact types, or an opaque `Reference`.

A reference forwards nothing that Python does by itself: it compares by identity, has
no truth value, no length, no arithmetic, no conversion and no array protocol. A
forwarded `==` would carry the expected value into the student's process, and a
forwarded `bool` the verdict out of ours.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from gradekit.worker.kernel import values
from gradekit.worker.kernel.answering import Answering, Ended, UnansweredError

MAX_ITERATIONS = 1_000
MAX_CHECK_BYTES = 256 << 20  # of all that the student's side answers to one check


class StudentError(Exception):
    """The student's code raised an exception; text and type are the student's."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}" if text else kind)
        self.kind, self.text = kind, text


class Stopped(BaseException):
    """The student's code ran out of time or took its kernel along.

    Not an `Exception`, so that no check swallows it.
    """

    def __init__(self, how: Ended) -> None:
        super().__init__(how)
        self.how = how


class Reference:
    """Something in the student's kernel, known by a number."""

    __slots__ = ("__ask", "__kind", "__number")
    __hash__ = object.__hash__

    def __init__(self, ask: Callable[..., Any], number: int, kind: str) -> None:
        self.__ask, self.__number, self.__kind = ask, number, kind

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what Python, NumPy and torch ask for by themselves
            raise AttributeError(f"a reference has no {name}")
        return self.__ask("attribute", of=self, name=name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.__ask("call", of=self, arguments=list(arguments), named=named)

    def __getitem__(self, key: Any) -> Any:
        return self.__ask("item", of=self, key=key)

    def __iter__(self) -> Iterator[Any]:
        iterator = self.__ask("iterate", of=self)
        for _ in range(MAX_ITERATIONS):
            step = self.__ask("next", of=iterator)
            if type(step) is not list or len(step) != 1:
                return
            yield step[0]
        raise AssertionError(f"the iteration did not end within {MAX_ITERATIONS} steps")

    def __repr__(self) -> str:
        return f"<an object of type {self.__kind}>"

    def __refuse(self, *_: Any) -> NoReturn:
        raise TypeError(f"an object of type {self.__kind} came back, not a plain value")

    __bool__ = __len__ = __contains__ = __float__ = __int__ = __index__ = __complex__ = __refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __refuse
    __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = __neg__ = __abs__ = __refuse
    __lt__ = __le__ = __gt__ = __ge__ = __refuse
    __setitem__ = __delitem__ = __array__ = __refuse

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


def number_of(reference: Reference) -> int:
    """Return the number by which the kernel knows a reference."""
    # By its mangled name: every attribute that a check could name would become a probe.
    return int(reference._Reference__number)  # noqa: SLF001


class Environment:
    """The names of the student's notebook, for one check at a time."""

    def __init__(self, kernel: Answering, call_seconds: float) -> None:
        self._kernel, self._call_seconds = kernel, call_seconds
        self._deadline, self._room = 0.0, MAX_CHECK_BYTES
        self._known: dict[int, Reference] = {}

    def begin(self, seconds: float, seed: int) -> None:
        """Give the check that follows its time; earlier references are forgotten."""
        self._deadline = time.monotonic() + seconds
        # The agent forgets its objects too, so these numbers will mean others.
        self._known.clear()
        self._room = MAX_CHECK_BYTES
        nowhere = contextlib.redirect_stdout(io.StringIO())
        with nowhere, contextlib.suppress(StudentError):  # a tampered agent may refuse, or print
            self._ask("forget", number=seed)

    def __getitem__(self, name: str) -> Any:
        if name not in self:
            raise KeyError(name)
        return self._ask("name", name=name)

    def __contains__(self, name: object) -> bool:
        return self._ask("has", name=str(name)) is True

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def _ask(self, do: str, **probe: Any) -> Any:
        seconds = min(self._deadline - time.monotonic(), self._call_seconds)
        if seconds <= 0:
            raise Stopped(Ended.TIME)
        frames = values.encode({"do": do, **probe}, _number_only)
        try:
            answer = self._kernel.probe(frames, seconds)
        except UnansweredError as unanswered:
            raise Stopped(unanswered.how) from None
        self._room -= sum(len(frame) for frame in answer)
        if self._room < 0:
            raise StudentError("UnfitError", "the answers to one check are too large together")
        return self._read(answer)

    def _read(self, frames: list[Any]) -> Any:
        try:
            answer = values.decode(frames, self._refer)
        except values.UnfitError as unfit:
            raise StudentError("UnfitError", str(unfit)) from None
        if type(answer) is not dict:
            raise StudentError("UnfitError", "the answer is not well formed")
        printed = answer.get("printed")
        if type(printed) is str and printed:
            sys.stdout.write(printed)  # a check may capture it, as it would in the notebook
        if "value" in answer:
            return answer["value"]
        raise StudentError(*_description(answer.get("error")))

    def _refer(self, content: Any) -> Reference:
        number, kind = content
        if type(number) is not int or type(kind) is not str or len(kind) > values.MAX_KIND:
            raise TypeError
        # One reference for each number: references are equal only to themselves.
        if number not in self._known:
            self._known[number] = Reference(self._ask, number, kind if kind.isidentifier() else "?")
        return self._known[number]


def _number_only(value: Any) -> int:
    if type(value) is Reference:
        return number_of(value)
    raise TypeError(f"a {type(value).__name__} of the check's cannot be handed to the student")


def _description(error: Any) -> tuple[str, str]:
    if type(error) is list and len(error) == 2 and all(type(text) is str for text in error):
        kind, text = error
        name = kind if kind.isidentifier() else "Exception"
        return name[: values.MAX_KIND], text[: values.MAX_RAISED]
    return "Exception", ""
