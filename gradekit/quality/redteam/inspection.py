"""What the outcome of an attack contains that must not be there: points, secrets, no score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gradekit.core.errors import GraderError
from gradekit.core.escape import one_line
from gradekit.core.marks import Mark, Outcome, Verdict
from gradekit.quality.redteam.breaches import Breach, BreachKind, counted
from gradekit.quality.redteam.decoy import LOOT, Decoy

MAX_ERROR = 300  # characters of an error that a breach shows
SHOWN_PLACES = 3  # from which something leaked, that one line names


class OutcomeInspector:
    """Compares outcomes with that of the untouched notebook, and searches them for the word.

    Parameters
    ----------
    decoy : Decoy
        The copy of the assignment that is attacked.
    blank : Outcome
        What the untouched notebook gets, which is no merit of an attack.
    """

    def __init__(self, decoy: Decoy, blank: Outcome) -> None:
        self._decoy = decoy
        self._passed = _check_names(blank, Verdict.PASSED)
        self._undecided = _check_names(blank, Verdict.UNMARKED)

    def breaches(self, outcome: Outcome) -> list[Breach]:
        """Return everything in an outcome that only an attack can have caused."""
        # Every text that an instructor or a student could read afterwards.
        texts = [mark.message for _, mark in marks_of(outcome)]
        texts += [incident.text for incident in outcome.incidents]
        texts += [str(exhibit.to_json()) for exhibit in outcome.exhibits]
        return [
            *self._forged(outcome),
            *self.leaks([*outcome.notes, *texts]),
            *self._ungraded(outcome),
        ]

    def _forged(self, outcome: Outcome) -> Iterator[Breach]:
        """Yield the questions in which the attack gained points."""
        for question in outcome.questions:
            gained = [
                mark
                for mark in question.checks
                if mark.points and (question.name, mark.name) not in self._passed
            ]
            if gained:
                points = sum(mark.points or 0.0 for mark in gained)
                names = "; ".join(self._decoy.original_name(mark.name) for mark in gained)
                text = f"forged {counted(points, 'point')} in {question.name} ({names})"
                yield Breach(kind=BreachKind.FORGED, text=text, amount=points)

    def leaks(self, texts: Sequence[str]) -> Iterator[Breach]:
        """Yield a breach if the planted word occurs in a text; it counts each place once."""
        places_by_text = [self._decoy.leaked_places(text) for text in texts]
        if any(places is not None for places in places_by_text):
            places = list(dict.fromkeys(place for some in places_by_text for place in some or ()))
            places = places or ["the planted word, from an unknown place"]
            hidden = len(places) - SHOWN_PLACES
            more = f" and {hidden} more" if hidden > 0 else ""
            text = f"read {'; '.join(places[:SHOWN_PLACES])}{more}"
            yield Breach(kind=BreachKind.LEAKED, text=text, amount=len(places))

    def _ungraded(self, outcome: Outcome) -> Iterator[Breach]:
        """Yield the checks that could not be decided: the submission would have no score."""
        undecided = _check_names(outcome, Verdict.UNMARKED) - self._undecided
        for question, check in sorted(undecided):
            text = f"{question} ({self._decoy.original_name(check)}) could not be decided"
            yield Breach(kind=BreachKind.FAILED, text=text)

    def shows_loot(self, outcome: Outcome | None) -> bool:
        """Whether the notebook got far enough to show what it had read."""
        question = self._decoy.names.question
        return outcome is not None and any(
            mark.message.startswith(LOOT) for name, mark in marks_of(outcome) if name == question
        )


def differences(alone: Outcome, among_attacks: Outcome | GraderError) -> Iterator[Breach]:
    """Yield what the attacks did to an honest notebook; only its timings may differ."""
    if isinstance(among_attacks, GraderError):
        error = one_line(str(among_attacks))[:MAX_ERROR]
        text = f"an honest notebook could not be graded among the attacks: {error}"
        yield Breach(kind=BreachKind.EFFECT, text=text)
    elif replace(alone, timings={}) != replace(among_attacks, timings={}):
        before, after = marks_of(alone), marks_of(among_attacks)
        changed = [f"{name}: {mark.name}" for name, mark in after if (name, mark) not in before]
        text = (
            "an honest notebook is graded differently among the attacks "
            f"({'; '.join(changed) or 'notes'})"
        )
        yield Breach(kind=BreachKind.EFFECT, text=text)


def marks_of(outcome: Outcome) -> list[tuple[str, Mark]]:
    """Return the mark of every check, with the name of its question."""
    return [(question.name, mark) for question in outcome.questions for mark in question.checks]


def _check_names(outcome: Outcome, verdict: Verdict) -> set[tuple[str, str]]:
    return {(name, mark.name) for name, mark in marks_of(outcome) if mark.verdict is verdict}
