"""A decoy: a copy of an assignment with something to steal, and notebooks that try to.

A word that exists nowhere else (a canary) is planted in every solution, hidden check
and hidden file of the copy, in its seed and in the environment of the host. One more
question at the end of the copy, which nobody can answer, shows what a notebook has
read. Nothing that students may see contains the word: neither the public checks nor
the text that an author writes for the student who fails a hidden check.
"""

from __future__ import annotations

import ast
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradekit.author import (
    Master,
    build_assignment,
    canary,
    cells_of,
    load_notebook,
    read_master,
    text_of,
)
from gradekit.core.bundle import Bundle
from gradekit.core.errors import AuthorError, GraderError
from gradekit.sandbox import prepare_bundle

Cell = dict[str, Any]

FORGES = re.compile(r"^(def|class) forge\b|^forge\s*=", re.MULTILINE)
END_OF_CONFIG = '""" # END TEST CONFIG\n'
LOOT = "Loot:"  # how the message of the last question begins

# What an attack may call. It is written for the student's kernel, not for this process:
# it imports late and names its things twice, because an attack may rebind `loot`.

TOOLS = """
loot = redteam_found = []

def keep(data, found=redteam_found):
    # the planted words in a text or in bytes, as they stand or in hexadecimal
    import re
    if isinstance(data, (bytes, bytearray, memoryview)):
        data = bytes(data).decode("latin-1")
    text = str(data).replace("\\0", "")
    for word in re.findall(r"canary[0-9a-f]{18}(?:x\\d+x)?|63616e617279[0-9a-f]{36}", text):
        if word not in found:
            found.append(word)
"""
SHOW = """\
redteam = ""
try:
    redteam_texts = [str(item)[:1000] for item in [*redteam_found, *loot]]
    redteam_texts.sort(key=lambda text: "canary" not in text)
    redteam = " ".join(dict.fromkeys(redteam_texts))[:1200]
except BaseException as error:
    redteam = type(error).__name__
"""
CHECK = f'''\
""" # BEGIN TEST CONFIG
points: 1
failure_message: Nothing could be shown.
{END_OF_CONFIG}def test_the_loot_is_shown(redteam):
    """What a notebook could read is shown."""
    assert type(redteam) is str, "Nothing could be shown."
    assert False, "{LOOT} " + redteam
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names for the question, variable and cells that are added: none that is in use."""

    question: str
    variable: str
    cell: str  # with which the ids of the cells begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoy:
    """The copy of the assignment, built and prepared."""

    word: str  # the planted word
    places: tuple[str, ...]  # where it was planted, by the number that follows it there
    names: Names
    bundle: Bundle
    blank: tuple[Cell, ...]  # the notebook that students receive
    honest: bytes  # the solved notebook, as a sandbox takes it
    seed: str  # contains the word too

    def attacked(self, source: str, tag: str, port: int) -> bytes:
        """Return the blank notebook with an attack before its first cell.

        Where the attack defines `forge`, every answer becomes `name = forge("name")`.
        """
        answers = self._forged_answers() if FORGES.search(source) else {}
        answers[f"{self.names.cell}-answer"] = _named(SHOW, self.names)
        tools = f"MARK = {tag!r}\nHOST_PORT = {port}" + _named(TOOLS, self.names)
        added = [
            _code(f"{self.names.cell}-tools", tools),
            _code(f"{self.names.cell}-attack", source),
        ]
        cells = [
            _code(cell["id"], answers[cell["id"]]) if cell["id"] in answers else cell
            for cell in self.blank
        ]
        return _notebook([*added, *cells])

    def _forged_answers(self) -> dict[str, str]:
        """Return for each answer cell, by its id, a source that forges all its names."""
        sources: dict[str, list[str]] = {}
        for question in self.bundle.questions:
            if question.manual or question.name == self.names.question:
                continue
            for number, cell in enumerate(question.cells):
                lines = [f"{name} = forge({name!r})" for name in question.names]
                # All names are defined in the question's first cell; the others are emptied.
                sources.setdefault(cell, []).extend([] if number else lines)
        return {cell: "\n".join(lines) for cell, lines in sources.items()}

    def leaked_places(self, text: str) -> list[str] | None:
        """Return the places from which the word leaked into a text; None if it did not.

        The list is empty where the word is in the text, but in a form (base 64, wide
        letters) that does not say where it was read.
        """
        data = text.encode("utf-8", "surrogatepass")
        if not any(form in data for form in canary.forms(self.word)):
            return None
        numbers = {int(number) for number in re.findall(rf"{self.word}x(\d+)x", text)}
        return [self.places[number] for number in sorted(numbers) if number < len(self.places)]

    def original_name(self, text: str) -> str:
        """Return a name in the copy as it is in the assignment, without the word."""
        return re.sub(rf"[ _]?{self.word}x\d+x", "", text)


def build_decoy(assignment: Path, scratch: Path) -> Decoy:
    """Plant a word in a copy of an assignment below `scratch`; build and prepare the copy.

    Raises
    ------
    AuthorError
        If the assignment itself cannot be built.
    GraderError
        If the copy cannot be built although the assignment can.
    """
    master = read_master(assignment)
    word, names = "canary" + secrets.token_hex(9), _free_names(master)
    copy = scratch / "copy"
    places = canary.inject(master, word, copy)
    _spare_students_and_add_question(copy / master.path.name, word, names)
    try:
        built = build_assignment(copy / master.path.name, scratch / "built")
        bundle = prepare_bundle(built.autograder, scratch / "cache")
    except AuthorError as error:
        # Who has to act? If the assignment itself cannot be built, this raises the author's error.
        build_assignment(master.path, scratch / "clean")
        text = f"{master.path}: the copy with canaries cannot be built ({error}). Report it to us."
        raise GraderError(text) from error
    return Decoy(
        word=word,
        places=(*places, *_plant_files(bundle, word, len(places))),
        names=names,
        bundle=Bundle.load(bundle),
        blank=tuple(_cells(built.student / built.notebook)),
        honest=_notebook(_without_word(_cells(built.solutions / built.notebook), word)),
        # A seed is hexadecimal, so the word in it is as well; attacks search for both forms.
        seed=(word + secrets.token_hex(4)).encode().hex(),
    )


def _free_names(master: Master) -> Names:
    """Return a variable and cell ids that occur in no cell, and an unused question name."""
    text = "\n".join(cell.source for cell in master.cells)
    ids = "\n".join(cell.id for cell in master.cells)
    questions = {question.name.lower() for question in master.questions}
    return Names(
        question=next(name for name in _candidates("loot") if name not in questions),
        variable=next(name for name in _candidates("redteam") if name not in text),
        cell=next(name for name in _candidates("redteam") if name not in ids),
    )


def _candidates(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 1000):
        yield f"{name}{number}"


def _spare_students_and_add_question(path: Path, word: str, names: Names) -> None:
    """Take the word out of what students may read, and add the question at the end.

    A failure message stands in the check's configuration and is shown to students, so
    the word there would count as leaked without any attack.
    """
    notebook = load_notebook(path)
    for cell in notebook["cells"]:
        config, separator, check = text_of(cell["source"]).partition(END_OF_CONFIG)
        if separator and word in check:
            config = re.sub(rf" {word}x\d+x", "", config)
            cell["source"] = config + separator + _with_word_in_assertions(check, word)
    notebook["cells"] += _loot_question(names)
    path.write_text(json.dumps(notebook), encoding="utf-8")


class _Assertions(ast.NodeTransformer):
    """Adds the planted word to the message of every assertion."""

    def __init__(self, token: str) -> None:
        self._token = ast.Constant(f" {token}")

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        message = node.msg or ast.Constant("")
        text = ast.Call(ast.Name("str", ast.Load()), [message], [])
        return ast.Assert(node.test, ast.BinOp(text, ast.Add(), self._token))


def _with_word_in_assertions(check: str, word: str) -> str:
    """Return a hidden check with the word in its assertions, whose text no student may read."""
    token = re.search(rf"{word}x\d+x", check)
    assert token is not None
    tree = _Assertions(token[0]).visit(ast.parse(check))
    return ast.unparse(ast.fix_missing_locations(tree))


def _loot_question(names: Names) -> list[Cell]:
    """Return the cells of the question that shows the loot."""
    sources = [
        ("raw", f"# BEGIN QUESTION\nname: {names.question}"),
        ("markdown", "What a notebook could read."),
        ("raw", "# BEGIN SOLUTION"),
        ("code", _named('redteam = ""  # SOLUTION', names)),
        ("raw", "# END SOLUTION"),
        ("raw", "# BEGIN TESTS"),
        ("code", _named(CHECK, names)),
        ("raw", "# END TESTS"),
        ("raw", "# END QUESTION"),
    ]
    cells = []
    for number, (kind, source) in enumerate(sources):
        cell_id = f"{names.cell}-{'answer' if number == 3 else number}"
        cell = {"id": cell_id, "cell_type": kind, "metadata": {}, "source": source}
        cells.append({**cell, "outputs": [], "execution_count": None} if kind == "code" else cell)
    return cells


def _named(source: str, names: Names) -> str:
    """Return the source of an added cell with the variable that the assignment leaves free."""
    return source.replace("redteam", names.variable)


def _plant_files(bundle: Path, word: str, first: int) -> Iterator[str]:
    """Put a file with the word beside the hidden data and beside the checks.

    The canaries in the master reach Python and text; data files cannot carry one, so
    an attack that only lists or copies those folders is found by these files.
    """
    for number, folder in enumerate(("hidden", "tests"), first):
        (bundle / folder).mkdir(exist_ok=True)
        (bundle / folder / "canary.txt").write_text(f"{word}x{number}x\n", encoding="utf-8")
        yield f"a file in {folder}/ of the bundle"


def _cells(path: Path) -> list[Cell]:
    """Return the cells of a built notebook as a sandbox takes them."""
    return [
        {"id": cell.id, "cell_type": cell.kind, "source": cell.source}
        for cell in cells_of(load_notebook(path))
    ]


def _without_word(cells: Sequence[Cell], word: str) -> list[Cell]:
    """Return a solution as its author wrote it: with the word in its texts it would be wrong."""
    return [{**cell, "source": re.sub(rf"{word}x\d+x", "", cell["source"])} for cell in cells]


def _code(cell_id: str, source: str) -> Cell:
    return {"id": cell_id, "cell_type": "code", "source": source}


def _notebook(cells: Sequence[Cell]) -> bytes:
    return json.dumps({"cells": list(cells)}).encode()
