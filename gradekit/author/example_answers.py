"""The answers that an author wrote to measure the checks: right ones and wrong ones.

They lie in `answers/` beside the master and are never handed out. The text of
`answers/<question>/right/<name>.py` stands in the place of the question's answer cell;
lines `# %%` divide it into several cells, and the first line, a comment, says the idea.
`answers/oracle.py` verifies each label without the checks, and `answers/audit.toml` says
what to leave out and why a mutant may survive.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradekit.author.master import Cell, Master, MasterQuestion, reading
from gradekit.core.errors import AuthorError

FOLDER, SETTINGS, ORACLE = "answers", "audit.toml", "oracle.py"
LABELS = ("right", "wrong")
CELL_BORDER = re.compile(r"^# %%[^\n]*$\n?", re.MULTILINE)
LISTS = ("skip", "leave", "shown")
KEYS = {*LISTS, "survivor"}
SURVIVOR_KEYS = {"question", "mutant", "why"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleAnswer:
    """One way to answer a question, and whether it is right."""

    question: str
    right: bool
    name: str
    cells: tuple[str, ...]  # sources, one for each answer cell of the question

    @property
    def idea(self) -> str:
        """What is right or wrong about it, from the comment on the first line."""
        return self.cells[0].lstrip().split("\n", 1)[0].lstrip("# ").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBook:
    """All answers of an assignment, and how its author wants it audited."""

    folder: Path
    answers: tuple[ExampleAnswer, ...]
    skip: frozenset[str] = frozenset()  # ids of cells of the master that the audit leaves out
    leave: tuple[str, ...] = ()  # questions that are measured in another way
    shown: tuple[str, ...] = ()  # thresholds that students may see, by their dotted keys
    explained: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Why a mutant may survive, by question and name of the mutant."""

    def of(self, question: str) -> list[ExampleAnswer]:
        """Return the answers to one question, the right ones first."""
        return [answer for answer in self.answers if answer.question == question]

    @property
    def questions(self) -> list[str]:
        """The questions that are audited, in the order of the master."""
        return list(dict.fromkeys(answer.question for answer in self.answers))


def coding(question: MasterQuestion) -> list[Cell]:
    """Return the cells in which students write code for a question; none if it asks for none."""
    if question.manual or not question.checks:
        return []
    return [cell for cell in question.solutions if cell.kind == "code"]


def read(master: Master) -> AnswerBook | None:
    """Return the answers beside a master; None where there is no such folder.

    Raises
    ------
    AuthorError
        If a file cannot be read or is not what it should be; one line for each.
    """
    folder = master.folder / FOLDER
    if not folder.is_dir():
        return None
    with reading(folder):
        settings, mistakes = _settings(folder / SETTINGS)
        book = AnswerBook(
            folder=folder,
            answers=tuple(_answers(master, folder)),
            skip=frozenset(
                cell_id for text in settings.get("skip", ()) for cell_id in _ids(master, text)
            ),
            leave=tuple(settings.get("leave", ())),
            shown=tuple(settings.get("shown", ())),
            explained={
                (survivor["question"], survivor["mutant"]): survivor["why"]
                for survivor in settings.get("survivor", ())
            },
        )
        mistakes += [
            f'{folder / SETTINGS}: no cell is or begins with "{text}", which "skip" names. '
            "Correct it."
            for text in settings.get("skip", ())
            if not _ids(master, text)
        ]
        mistakes += [
            *_wrong_folders(master, folder),
            *_wrong_answers(master, book),
            *_unknown_questions(master, book),
        ]
        if not (folder / ORACLE).is_file():
            mistakes.append(
                f"{folder / ORACLE} is missing. Write a function for each question in it."
            )
    if mistakes:
        raise AuthorError("\n".join(mistakes))
    return book


def _ids(master: Master, text: str) -> list[str]:
    """Return the id that a text is, or the ids of the cells that begin with it."""
    ids = {cell.id for cell in master.cells}
    if text in ids:
        return [text]
    return [cell.id for cell in master.cells if cell.source.startswith(text)]


def shown_thresholds(master: Master) -> list[str] | None:
    """Return the thresholds that students may see, by their dotted keys with wildcards.

    None where there are no settings: nobody has said yet which of them students may know.
    """
    path = master.folder / FOLDER / SETTINGS
    with reading(path):
        return list(_settings(path)[0].get("shown", [])) if path.is_file() else None


def _settings(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return what the author's settings say, and what is wrong with them."""
    try:
        settings = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    except (ValueError, OSError) as error:
        raise AuthorError(f"{path} cannot be read ({error}). Correct it.") from error
    mistakes = [
        f'{path}: "{key}" is not known. Use {", ".join(sorted(KEYS))}.'
        for key in settings.keys() - KEYS
    ]
    for key in LISTS:
        if not _is_texts(settings.get(key, [])):
            mistakes.append(f'{path}: "{key}" must be a list of texts.')
            settings[key] = []
    survivors = settings.get("survivor", [])
    mistakes += [
        f"{path}: a [[survivor]] has question, mutant and why, and no more."
        for survivor in survivors
        if not isinstance(survivor, dict) or set(survivor) != SURVIVOR_KEYS
    ]
    # None of the survivors where something is wrong: they could not be looked up by their keys.
    return {**settings, "survivor": [] if mistakes else survivors}, mistakes


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _answers(master: Master, folder: Path) -> Iterator[ExampleAnswer]:
    """Yield the answers in the order of the questions, right before wrong, by name."""
    for question in master.questions:
        for label in LABELS:
            for path in sorted((folder / question.name / label).glob("*.py")):
                try:
                    text = path.read_text("utf-8")
                except UnicodeDecodeError as error:
                    raise AuthorError(f"{path} is not UTF-8 ({error}). Save it so.") from error
                yield ExampleAnswer(
                    question=question.name,
                    right=label == "right",
                    name=path.stem,
                    cells=tuple(source.strip("\n") for source in CELL_BORDER.split(text)),
                )


def _wrong_folders(master: Master, folder: Path) -> Iterator[str]:
    """Find folders that belong to no question that asks for code, or have no label."""
    names = {question.name for question in master.questions if coding(question)}
    for path in sorted(folder.iterdir()):
        if not path.is_dir() or path.name.startswith((".", "__")):
            continue
        if path.name not in names:
            yield (
                f"{path}: no question of this name asks for code. "
                f"Rename the folder; there are {', '.join(sorted(names))}."
            )
        for labelled in sorted(path.iterdir()):
            if labelled.name not in LABELS and not labelled.name.startswith((".", "__")):
                yield (
                    f'{labelled} is neither "right" nor "wrong". Move it into one of these folders.'
                )


def _wrong_answers(master: Master, book: AnswerBook) -> Iterator[str]:
    """Find answers that could not stand in the notebook."""
    cell_counts = {question.name: len(coding(question)) for question in master.questions}
    for answer in book.answers:
        path = book.folder / answer.question / LABELS[not answer.right] / f"{answer.name}.py"
        if not answer.cells[0].lstrip().startswith("#") or not answer.idea:
            yield f"{path}: the first line must be a comment that says the idea."
        if len(answer.cells) != cell_counts[answer.question]:
            yield (
                f"{path} has {len(answer.cells)} cells for the {cell_counts[answer.question]} of "
                'the question. Divide cells by lines "# %%".'
            )
        for cell in answer.cells:
            try:
                ast.parse(cell)
            except SyntaxError as error:
                yield f"{path} is not Python ({error.msg}, line {error.lineno}). Correct it."


def _unknown_questions(master: Master, book: AnswerBook) -> Iterator[str]:
    """Find settings about questions that do not exist."""
    path = book.folder / SETTINGS
    names = {question.name for question in master.questions}
    for name in (*book.leave, *(question for question, _ in book.explained)):
        if name not in names:
            yield f'{path}: there is no question "{name}". Correct the name.'
