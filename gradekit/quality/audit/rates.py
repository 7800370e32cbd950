"""What the checks of one question got right and wrong, in numbers.

An autograder is a classifier. A right answer that does not get all points is a false
reject; a wrong one that does is a false accept; and a mutant that gets all points
survives. Each share has a 95 % interval after Clopper and Pearson, which is exact: it
holds for any number of answers, also where nothing went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import combinations
from typing import Any

CONFIDENCE = 0.95
METHOD = "Clopper and Pearson (exact)"
PASSED, STOPPED, UNMARKED = "passed", "stopped", "unmarked"  # as records.Verdict writes them
KINDS = ("right", "wrong", "mutant", "blank")
UNDEFINED = " not defined. Run the cell"  # as judging.not_defined says: there is no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One answer that was marked; `why` is the oracle's reason to call it wrong, or ""."""

    kind: str  # one of KINDS
    name: str
    idea: str
    cells: tuple[str, ...]
    why: str
    verdicts: tuple[str, ...]  # one for each check
    messages: tuple[str, ...]

    @property
    def full(self) -> bool:
        """Whether it gets all points."""
        return all(verdict == PASSED for verdict in self.verdicts)

    @property
    def disputed(self) -> bool:
        """Whether the oracle contradicts the label."""
        return (self.kind == "right" and bool(self.why)) or (self.kind == "wrong" and not self.why)

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Trial:
        listed = {name: tuple(data[name]) for name in ("cells", "verdicts", "messages")}
        return cls(**{**data, **listed})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many of so many, with the interval in which the true share lies."""

    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds of the share; all is possible where nothing was tried."""
        if not self.of:
            return 0.0, 1.0
        found = import_module("scipy.stats").binomtest(self.count, self.of)
        low, high = found.proportion_ci(CONFIDENCE, "exact")
        return float(low), float(high)

    def to_json(self) -> dict[str, Any]:
        low, high = self.interval
        return {"count": self.count, "of": self.of, "low": round(low, 4), "high": round(high, 4)}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """All trials of one question."""

    question: str
    digest: str  # of all that the trials depend on
    checks: tuple[str, ...]
    hidden: tuple[bool, ...]
    mutants_made: int  # of which a sample was tried
    trials: tuple[Trial, ...]

    def _kind(self, kind: str) -> list[Trial]:
        return [trial for trial in self.trials if trial.kind == kind and not trial.disputed]

    @cached_property
    def disputed(self) -> list[Trial]:
        """Answers whose label the oracle contradicts; they count nowhere."""
        return [trial for trial in self.trials if trial.disputed]

    @cached_property
    def equivalent(self) -> list[Trial]:
        """Mutants that are right as far as the oracle can tell; they count nowhere."""
        return [trial for trial in self._kind("mutant") if not trial.why]

    @cached_property
    def strict(self) -> list[Trial]:
        """Mutants with which the oracle finds nothing wrong, and the checks do."""
        return [trial for trial in self.equivalent if not trial.full]

    @cached_property
    def wrong_mutants(self) -> list[Trial]:
        return [trial for trial in self._kind("mutant") if trial.why]

    @cached_property
    def rejected(self) -> list[Trial]:
        """Right answers that do not get all points."""
        return [trial for trial in self._kind("right") if not trial.full]

    @cached_property
    def accepted(self) -> list[Trial]:
        """Wrong answers that get all points."""
        return [trial for trial in self._kind("wrong") if trial.full]

    @cached_property
    def survivors(self) -> list[Trial]:
        """Wrong mutants that get all points."""
        return [trial for trial in self.wrong_mutants if trial.full]

    @cached_property
    def undecided(self) -> list[Trial]:
        """Answers that a check could not decide: a fault of the check's."""
        return [trial for trial in self.trials if UNMARKED in trial.verdicts]

    @property
    def false_rejects(self) -> Rate:
        return Rate(count=len(self.rejected), of=len(self._kind("right")))

    @property
    def false_accepts(self) -> Rate:
        return Rate(count=len(self.accepted), of=len(self._kind("wrong")))

    @property
    def surviving(self) -> Rate:
        return Rate(count=len(self.survivors), of=len(self.wrong_mutants))

    @cached_property
    def caught(self) -> list[frozenset[int]]:
        """For each check, the trials it fails, of those that are wrong; the blank does not count.

        That no answer is no answer is what any check finds out.
        """
        wrong = {id(trial) for trial in (*self._kind("wrong"), *self.wrong_mutants)}
        return [
            frozenset(
                number
                for number, trial in enumerate(self.trials)
                if id(trial) in wrong and trial.verdicts[place] != PASSED
            )
            for place in range(len(self.checks))
        ]

    def alone(self, place: int) -> int:
        """Return how many wrong answers no other check catches."""
        others: frozenset[int] = frozenset()
        for other, found in enumerate(self.caught):
            others |= found if other != place else frozenset()
        return len(self.caught[place] - others)

    @property
    def idle(self) -> list[str]:
        """Checks that fail nobody who gave an answer; one under another name is none."""
        return [
            name
            for place, (name, found) in enumerate(zip(self.checks, self.caught, strict=True))
            if all(UNDEFINED in self.trials[number].messages[place] for number in found)
        ]

    @property
    def redundant(self) -> list[tuple[str, str]]:
        """Pairs of checks that catch exactly the same."""
        pairs = combinations(zip(self.checks, self.caught, strict=True), 2)
        return [(a, b) for (a, first), (b, second) in pairs if first and first == second]

    def to_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "digest": self.digest,
            "checks": list(self.checks),
            "hidden": list(self.hidden),
            "mutants_made": self.mutants_made,
            "trials": [trial.to_json() for trial in self.trials],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Measured:
        listed = {name: tuple(data[name]) for name in ("checks", "hidden")}
        trials = tuple(Trial.from_json(one) for one in data["trials"])
        return cls(**{**data, **listed, "trials": trials})


def together(measured: Sequence[Measured], rate: str) -> Rate:
    """Return a rate of all questions together."""
    rates = [getattr(one, rate) for one in measured]
    return Rate(count=sum(one.count for one in rates), of=sum(one.of for one in rates))
