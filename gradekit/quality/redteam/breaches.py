"""What the attacks achieved, as records and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gradekit.core.text import number
from gradekit.quality.redteam.catalogue import Attack


class BreachKind(StrEnum):
    """What an attack achieved."""

    FORGED = "forged"
    LEAKED = "leaked"
    EFFECT = "effect"
    FAILED = "failed"  # the attacked submission could not be graded


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that must not have happened."""

    kind: BreachKind
    text: str
    attack: str = ""  # empty if it cannot be told which attack it was
    amount: float = 1.0  # of points, or of places that leaked

    def to_json(self) -> dict[str, Any]:
        return {
            "attack": self.attack,
            "what": str(self.kind),
            "text": self.text,
            "amount": self.amount,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackResult:
    """One attack and everything that it achieved."""

    attack: Attack
    seconds: float
    breaches: tuple[Breach, ...]
    blind: bool = False  # a reading attack whose notebook could not show what it had read

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.attack.name,
            "kind": self.attack.kind,
            "seconds": round(self.seconds, 1),
            "blind": self.blind,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResult:
    """What all attacks together achieved."""

    sandbox: str
    seconds: float
    attacks: tuple[AttackResult, ...]
    breaches: tuple[Breach, ...]  # those of the attacks, then those that belong to no attack

    def amount(self, kind: BreachKind) -> float:
        """Return the points forged, the canaries leaked, or how often the others occurred."""
        return sum((breach.amount for breach in self.breaches if breach.kind is kind), 0.0)

    @property
    def held(self) -> bool:
        """Whether nothing was forged, nothing leaked and nothing happened to the host.

        An attack after which there is no score has cheated nobody but itself.
        """
        return all(breach.kind is BreachKind.FAILED for breach in self.breaches)

    @property
    def slowest(self) -> AttackResult:
        """The attack that took longest."""
        return max(self.attacks, key=lambda attack: attack.seconds)

    def to_json(self) -> dict[str, Any]:
        """Return everything for machines."""
        return {
            "sandbox": self.sandbox,
            "seconds": round(self.seconds, 1),
            "points_forged": self.amount(BreachKind.FORGED),
            "canaries_leaked": int(self.amount(BreachKind.LEAKED)),
            "effects": int(self.amount(BreachKind.EFFECT)),
            "failed": int(self.amount(BreachKind.FAILED)),
            "slowest": self.slowest.attack.name,
            "attacks": [attack.to_json() for attack in self.attacks],
            "findings": [breach.to_json() for breach in self.breaches],
        }


def counted(amount: float, noun: str, plural: str = "") -> str:
    """Return a number with its noun."""
    return f"{number(amount)} {noun if amount == 1 else plural or noun + 's'}"
