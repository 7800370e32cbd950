"""The error rates of a question's checks.

An autograder is a classifier. A right answer that does not get all points is a false
reject; a wrong answer that gets them is a false accept; and a wrong mutant that gets
them survives. Each rate has a 95 % interval after Clopper and Pearson, which is exact:
it holds for any number of answers, also where nothing went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import combinations
from typing import Any

from gradekit.core.marks import Verdict

CONFIDENCE = 0.95
METHOD = "Clopper and Pearson (exact)"
KINDS = ("right", "wrong", "mutant", "blank")
UNDEFINED = " not defined. Run the cell"  # as worker.judging says where there is no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedAnswer:
    """One answer with what the oracle and the checks say about it."""

    kind: str  # one of KINDS
    name: str
    idea: str
    cells: tuple[str, ...]
    why: str  # the oracle's reason to call it wrong; empty if it has none
    verdicts: tuple[str, ...]  # one for each check
    messages: tuple[str, ...]

    @property
    def full(self) -> bool:
        """Whether the answer gets all points."""
        return all(verdict == Verdict.PASSED for verdict in self.verdicts)

    @property
    def disputed(self) -> bool:
        """Whether the oracle contradicts the label."""
        return (self.kind == "right" and bool(self.why)) or (self.kind == "wrong" and not self.why)

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GradedAnswer:
        listed = {name: tuple(data[name]) for name in ("cells", "verdicts", "messages")}
        return cls(**{**data, **listed})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """An error rate with the interval in which the true one lies."""

    count: int  # of errors
    of: int  # answers that were tried

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds of the share; anything is possible where nothing was tried."""
        if not self.of:
            return 0.0, 1.0
        test = import_module("scipy.stats").binomtest(self.count, self.of)
        low, high = test.proportion_ci(CONFIDENCE, "exact")
        return float(low), float(high)

    def to_json(self) -> dict[str, Any]:
        low, high = self.interval
        return {"count": self.count, "of": self.of, "low": round(low, 4), "high": round(high, 4)}


@dataclass(frozen=True, kw_only=True)
class QuestionAudit:
    """All graded answers of one question."""

    question: str
    digest: str  # of everything in the assignment that the results depend on
    checks: tuple[str, ...]
    hidden: tuple[bool, ...]  # one for each check
    mutants_made: int  # of which a sample was graded
    answers: tuple[GradedAnswer, ...]

    def _of_kind(self, kind: str) -> list[GradedAnswer]:
        return [answer for answer in self.answers if answer.kind == kind and not answer.disputed]

    @cached_property
    def disputed(self) -> list[GradedAnswer]:
        """Answers whose label the oracle contradicts; they count in no rate."""
        return [answer for answer in self.answers if answer.disputed]

    @cached_property
    def equivalent(self) -> list[GradedAnswer]:
        """Mutants that are right as far as the oracle can tell; they count in no rate."""
        return [answer for answer in self._of_kind("mutant") if not answer.why]

    @cached_property
    def rejected_equivalents(self) -> list[GradedAnswer]:
        """Mutants that the checks reject although the oracle finds nothing wrong."""
        return [answer for answer in self.equivalent if not answer.full]

    @cached_property
    def wrong_mutants(self) -> list[GradedAnswer]:
        return [answer for answer in self._of_kind("mutant") if answer.why]

    @cached_property
    def rejected(self) -> list[GradedAnswer]:
        """Right answers that do not get all points."""
        return [answer for answer in self._of_kind("right") if not answer.full]

    @cached_property
    def accepted(self) -> list[GradedAnswer]:
        """Wrong answers that get all points."""
        return [answer for answer in self._of_kind("wrong") if answer.full]

    @cached_property
    def survivors(self) -> list[GradedAnswer]:
        """Wrong mutants that get all points."""
        return [answer for answer in self.wrong_mutants if answer.full]

    @cached_property
    def undecided(self) -> list[GradedAnswer]:
        """Answers on which a check failed by itself, so that there is no verdict."""
        return [answer for answer in self.answers if Verdict.UNMARKED in answer.verdicts]

    @property
    def false_rejects(self) -> Rate:
        return Rate(count=len(self.rejected), of=len(self._of_kind("right")))

    @property
    def false_accepts(self) -> Rate:
        return Rate(count=len(self.accepted), of=len(self._of_kind("wrong")))

    @property
    def surviving(self) -> Rate:
        return Rate(count=len(self.survivors), of=len(self.wrong_mutants))

    @cached_property
    def caught(self) -> list[frozenset[int]]:
        """For each check, which of the wrong answers and wrong mutants it fails, by number.

        The blank answer is left out: any check notices that there is no answer.
        """
        # By identity, because two answers may be equal.
        wrong = {id(answer) for answer in (*self._of_kind("wrong"), *self.wrong_mutants)}
        return [
            frozenset(
                number
                for number, answer in enumerate(self.answers)
                if id(answer) in wrong and answer.verdicts[check] != Verdict.PASSED
            )
            for check in range(len(self.checks))
        ]

    def alone(self, check: int) -> int:
        """Return how many wrong answers the check catches and no other check does."""
        by_others = [caught for number, caught in enumerate(self.caught) if number != check]
        return len(self.caught[check].difference(*by_others))

    @property
    def idle(self) -> list[str]:
        """Checks that fail no answer.

        That a name is not defined does not count: such an answer has another name, and
        any check fails it.
        """
        return [
            name
            for check, (name, caught) in enumerate(zip(self.checks, self.caught, strict=True))
            if all(UNDEFINED in self.answers[number].messages[check] for number in caught)
        ]

    @property
    def redundant(self) -> list[tuple[str, str]]:
        """Pairs of checks that catch exactly the same answers."""
        pairs = combinations(zip(self.checks, self.caught, strict=True), 2)
        # Checks that catch nothing are not redundant but idle, which is reported of each.
        return [(a, b) for (a, first), (b, second) in pairs if first and first == second]

    def to_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "digest": self.digest,
            "checks": list(self.checks),
            "hidden": list(self.hidden),
            "mutants_made": self.mutants_made,
            "trials": [answer.to_json() for answer in self.answers],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> QuestionAudit:
        return cls(
            question=data["question"],
            digest=data["digest"],
            checks=tuple(data["checks"]),
            hidden=tuple(data["hidden"]),
            mutants_made=data["mutants_made"],
            answers=tuple(GradedAnswer.from_json(answer) for answer in data["trials"]),
        )


def pooled(audits: Sequence[QuestionAudit], name: str) -> Rate:
    """Return a rate over all questions together, such as "false_rejects"."""
    rates: list[Rate] = [getattr(audit, name) for audit in audits]
    counts, totals = (rate.count for rate in rates), (rate.of for rate in rates)
    return Rate(count=sum(counts), of=sum(totals))
