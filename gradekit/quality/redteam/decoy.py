"""A copy of an assignment with something to steal, and notebooks that try to.

A word that exists nowhere else is planted in every solution, hidden check and
hidden file of the copy, in its seed and in the environment of the host. One more
question at its end, which nobody can answer, shows what a notebook has read. What
students may see has the word nowhere: not in public checks, and not in the text
that an author writes for the student who fails a hidden one.
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
SHOWN = "Loot:"  # how the message of the last question begins

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
    assert False, "{SHOWN} " + redteam
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names for what is added, that the assignment does not use."""

    question: str
    variable: str
    cell: str  # how the ids of the cells begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Bait:
    """The copy, built and prepared."""

    word: str
    places: tuple[str, ...]  # where it was planted, by number
    names: Names
    bundle: Bundle
    blank: tuple[Cell, ...]  # what students receive
    honest: bytes  # the solution, as a sandbox takes it
    seed: str  # the word stands in this one too

    def hostile(self, source: str, mark: str, port: int) -> bytes:
        """Return the blank notebook with an attack before its first cell.

        An attack that defines `forge` gives every answer: `name = forge("name")`.
        """
        answers = self._forged() if FORGES.search(source) else {}
        answers[f"{self.names.cell}-answer"] = _named(SHOW, self.names)
        tools = f"MARK = {mark!r}\nHOST_PORT = {port}" + _named(TOOLS, self.names)
        added = [
            _code(f"{self.names.cell}-tools", tools),
            _code(f"{self.names.cell}-attack", source),
        ]
        given = [
            _code(cell["id"], answers[cell["id"]]) if cell["id"] in answers else cell
            for cell in self.blank
        ]
        return _notebook([*added, *given])

    def _forged(self) -> dict[str, str]:
        """Return the sources of answer cells in which everything is forged."""
        sources: dict[str, list[str]] = {}
        for question in self.bundle.questions:
            if question.manual or question.name == self.names.question:
                continue
            for place, cell in enumerate(question.cells):
                lines = [f"{name} = forge({name!r})" for name in question.names]
                sources.setdefault(cell, []).extend([] if place else lines)
        return {cell: "\n".join(lines) for cell, lines in sources.items()}

    def found_in(self, text: str) -> list[str] | None:
        """Return the places whose word stands in a text; None if it does not stand there.

        An empty list: it is the word, in a form that does not say where it is from.
        """
        data = text.encode("utf-8", "surrogatepass")
        if not any(form in data for form in canary.forms(self.word)):
            return None
        numbers = {int(number) for number in re.findall(rf"{self.word}x(\d+)x", text)}
        return [self.places[number] for number in sorted(numbers) if number < len(self.places)]

    def without_word(self, text: str) -> str:
        """Return a name of the copy as it is in the assignment."""
        return re.sub(rf"[ _]?{self.word}x\d+x", "", text)


def lay(assignment: Path, scratch: Path) -> Bait:
    """Plant the word in a copy of an assignment below `scratch`, build and prepare it.

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
    _finish(copy / master.path.name, word, names)
    try:
        built = build_assignment(copy / master.path.name, scratch / "built")
        ready = prepare_bundle(built.autograder, scratch / "cache")
    except AuthorError as error:
        build_assignment(master.path, scratch / "clean")  # says so where the assignment is to blame
        text = f"{master.path}: the copy with canaries cannot be used ({error}). Report it to us."
        raise GraderError(text) from error
    return Bait(
        word=word,
        places=(*places, *_notes(ready, word, len(places))),
        names=names,
        bundle=Bundle.load(ready),
        blank=tuple(_cells(built.student / built.notebook)),
        honest=_notebook(_without_word(_cells(built.solutions / built.notebook), word)),
        seed=(word + secrets.token_hex(4)).encode().hex(),
    )


def _free_names(master: Master) -> Names:
    """Return names that occur in no cell, and a question of no other's name."""
    text = "\n".join(cell.source for cell in master.cells)
    ids = "\n".join(cell.id for cell in master.cells)
    questions = {question.name.lower() for question in master.questions}
    return Names(
        question=next(name for name in _tried("loot") if name not in questions),
        variable=next(name for name in _tried("redteam") if name not in text),
        cell=next(name for name in _tried("redteam") if name not in ids),
    )


def _tried(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 1000):
        yield f"{name}{number}"


def _finish(path: Path, word: str, names: Names) -> None:
    """Take the word out of what students may read, and add the question at the end."""
    notebook = load_notebook(path)
    for cell in notebook["cells"]:
        config, mark, check = text_of(cell["source"]).partition(END_OF_CONFIG)
        if mark and word in check:
            shown = re.sub(rf" {word}x\d+x", "", config)
            cell["source"] = shown + mark + _in_assertions(check, word)
    notebook["cells"] += _question(names)
    path.write_text(json.dumps(notebook), encoding="utf-8")


class _Assertions(ast.NodeTransformer):
    """Puts a token into what assertions say."""

    def __init__(self, token: str) -> None:
        self._token = ast.Constant(f" {token}")

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        said = node.msg or ast.Constant("")
        text = ast.Call(ast.Name("str", ast.Load()), [said], [])
        return ast.Assert(node.test, ast.BinOp(text, ast.Add(), self._token))


def _in_assertions(check: str, word: str) -> str:
    """Return a hidden check whose assertions say the word too: none of them is for students."""
    token = re.search(rf"{word}x\d+x", check)
    assert token is not None
    tree = _Assertions(token[0]).visit(ast.parse(check))
    return ast.unparse(ast.fix_missing_locations(tree))


def _question(names: Names) -> list[Cell]:
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
    """Return a source of ours with a variable that the assignment does not use."""
    return source.replace("redteam", names.variable)


def _notes(ready: Path, word: str, first: int) -> Iterator[str]:
    """Put a text with the word beside hidden data and beside the checks."""
    for number, folder in enumerate(("hidden", "tests"), first):
        (ready / folder).mkdir(exist_ok=True)
        (ready / folder / "canary.txt").write_text(f"{word}x{number}x\n", encoding="utf-8")
        yield f"a file in {folder}/ of the bundle"


def _cells(path: Path) -> list[Cell]:
    """Return the cells of a built notebook as a sandbox takes them."""
    return [
        {"id": cell.id, "cell_type": cell.kind, "source": cell.source}
        for cell in cells_of(load_notebook(path))
    ]


def _without_word(cells: Sequence[Cell], word: str) -> list[Cell]:
    """Return a solution as its author wrote it, but for empty texts and comments."""
    return [{**cell, "source": re.sub(rf"{word}x\d+x", "", cell["source"])} for cell in cells]


def _code(cell_id: str, source: str) -> Cell:
    return {"id": cell_id, "cell_type": "code", "source": source}


def _notebook(cells: Sequence[Cell]) -> bytes:
    return json.dumps({"cells": list(cells)}).encode()
