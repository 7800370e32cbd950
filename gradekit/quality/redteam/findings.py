"""What the zoo achieved, as records, as lines for people and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gradekit.core.text import duration, number
from gradekit.quality.redteam.catalogue import KINDS, Attack


class What(StrEnum):
    """What an attack achieved."""

    FORGED = "forged"
    LEAKED = "leaked"
    EFFECT = "effect"
    FAILED = "failed"


VERBS = {
    What.FORGED: "forged points",
    What.LEAKED: "read what is hidden",
    What.EFFECT: "changed the host",
    What.FAILED: "left no marks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that must not have happened; `attack` is empty where it cannot be told whose."""

    what: What
    text: str
    attack: str = ""
    amount: float = 1.0  # of points, or of places that leaked

    def to_json(self) -> dict[str, Any]:
        return {
            "attack": self.attack,
            "what": str(self.what),
            "text": self.text,
            "amount": self.amount,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One attack and what became of it."""

    attack: Attack
    seconds: float
    findings: tuple[Finding, ...]
    blind: bool = False  # it reads, and could not show what

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.attack.name,
            "kind": self.attack.kind,
            "seconds": round(self.seconds, 1),
            "blind": self.blind,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the whole zoo achieved."""

    sandbox: str
    seconds: float
    trials: tuple[Trial, ...]
    findings: tuple[Finding, ...]

    def amount(self, what: What) -> float:
        """Return the points forged, the canaries leaked, or how often the rest was found."""
        return sum((finding.amount for finding in self.findings if finding.what is what), 0.0)

    @property
    def held(self) -> bool:
        """Whether nothing was forged, nothing leaked and nothing happened to the host."""
        return all(finding.what is What.FAILED for finding in self.findings)

    @property
    def slowest(self) -> Trial:
        """The attack that took longest."""
        return max(self.trials, key=lambda trial: trial.seconds)

    def to_json(self) -> dict[str, Any]:
        """Return everything for machines."""
        return {
            "sandbox": self.sandbox,
            "seconds": round(self.seconds, 1),
            "points_forged": self.amount(What.FORGED),
            "canaries_leaked": int(self.amount(What.LEAKED)),
            "effects": int(self.amount(What.EFFECT)),
            "failed": int(self.amount(What.FAILED)),
            "slowest": self.slowest.attack.name,
            "attacks": [trial.to_json() for trial in self.trials],
            "findings": [finding.to_json() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind with its findings below, then the totals."""
        for kind in KINDS:
            trials = [trial for trial in self.trials if trial.attack.kind == kind]
            if trials:
                names = {trial.attack.name for trial in trials}
                mine = [finding for finding in self.findings if finding.attack in names]
                blind = sum(trial.blind for trial in trials)
                could_not = f", {blind} could not report" if blind else ""
                yield f"{kind:<11}{_column(len(trials))}  {_sum(mine)}{could_not}"
                yield from map(_line, mine)
        yield from (_line(finding) for finding in self.findings if not finding.attack)
        failed = self.amount(What.FAILED)
        yield (
            f"{count(self.amount(What.FORGED), 'point')} forged, "
            f"{count(self.amount(What.LEAKED), 'canary', 'canaries')} leaked, "
            f"{count(self.amount(What.EFFECT), 'effect')} on the host"
            + (f", {number(failed)} without marks" if failed else "")
        )
        slowest = self.slowest
        yield (
            f"{count(len(self.trials), 'attack')} in {self.sandbox}, {duration(self.seconds)}, "
            f"slowest {slowest.attack.name} {duration(slowest.seconds)}"
        )


def _column(attacks: int) -> str:
    return f"{attacks:>3} {'attack ' if attacks == 1 else 'attacks'}"


def _line(finding: Finding) -> str:
    text = f"{finding.attack or 'host'}: {finding.text}"
    return textwrap.fill(text, 80, initial_indent="  ", subsequent_indent="    ")


def count(amount: float, one: str, more: str = "") -> str:
    """Return a number with its noun."""
    return f"{number(amount)} {one if amount == 1 else more or one + 's'}"


def _sum(findings: Sequence[Finding]) -> str:
    """Return which sorts of things were found, and by how many attacks."""
    whose = {what: {f.attack for f in findings if f.what is what} for what in What}
    return (
        ", ".join(f"{len(names)} {VERBS[what]}" for what, names in whose.items() if names)
        or "nothing"
    )
