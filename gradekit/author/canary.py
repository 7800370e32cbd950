"""Check that no hidden content leaks into what students receive.

A word that exists nowhere else is put into every solution, rubric, hidden
check and hidden file of a copy of the master. The copy is built, and the word
must appear nowhere in what students receive, in no form that a build could
give it. That trusts neither Otter nor our own rules about masters.
"""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import io
import json
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile
from pathlib import Path
from typing import Any

import yaml

from gradekit.author.build import build_assignment
from gradekit.author.dist import files_below, zipped
from gradekit.author.master import (
    Cell,
    CheckCell,
    Master,
    configuration,
    load_notebook,
    markers,
    student_cells,
)
from gradekit.author.otter import contents, copy_listed
from gradekit.core.errors import AuthorError, GraderError

DEPTH = 3  # archives in archives; nobody packs a handout deeper than that
Edits = list[tuple[int, int, str]]  # line from 0, column, text to insert


def nothing_hidden_is_shown(master: Master, scratch: Path) -> int:
    """Build a copy with a canary in it, look for that, and return in how many places it was put.

    Raises
    ------
    AuthorError
        If the canary is found in what students receive, with both places.
    GraderError
        If the copy cannot be built although the master can, which is a fault of this module.
    """
    word = "canary" + hashlib.sha256(master.path.read_bytes()).hexdigest()[:18]
    copy = scratch / "canary"
    places = inject(master, word, copy)
    try:
        built = build_assignment(copy / master.path.name, scratch / "canary-build")
    except AuthorError as error:
        text = f"{master.path}: the canary made a mistake of its own ({error}). Report it to us."
        raise GraderError(text) from error
    refuse_leak(master, built.student, word, places)
    return len(places)


def refuse_leak(master: Master, student: Path, word: str, places: Sequence[str]) -> None:
    """Look for the canary in the folder for students, and in the archive that they download.

    Raises
    ------
    AuthorError
        If it is there, with the place that it was put in and the file that shows it.
    """
    in_archive = _in_bytes("student.zip", zipped(student), word)
    leak = next(chain(search(student, word), in_archive), None)
    if leak is not None:
        file, number = leak
        place = places[number] if number is not None and number < len(places) else "a hidden text"
        raise AuthorError(
            f"{master.path}: {place} reaches the students in student/{file}. "
            "Look there and mend its markers; nothing was handed out yet."
        )


def inject(master: Master, word: str, target: Path) -> list[str]:
    """Copy an assignment with the word in every hidden place; return what those places are."""
    listed = [*master.files, *master.hidden_files]
    if isinstance(master.requirements, str):
        listed.append(master.requirements)
    copy_listed(master, listed, target)
    if (master.folder / "README.md").is_file():
        (target / "README.md").write_bytes(contents(master.folder / "README.md"))
    notebook = load_notebook(master.path)
    places: list[str] = []

    def new_token(place: str) -> str:
        """Return the word with the number of this place, so that a leak says where it is from."""
        places.append(place)
        return f"{word}x{len(places) - 1}x"

    for question in master.questions:
        for cell in question.solutions:
            token = new_token(f"the solution in cell {cell.number} ({cell.id})")
            _replace(notebook, cell, in_solution(cell, token))
        for check in question.checks:
            if check.hidden:
                place = f"the hidden check in cell {check.cell.number} ({check.cell.id})"
                _replace(notebook, check.cell, in_check(check, new_token(place)))
    for path in files_below(target):
        if _is_listed(path.relative_to(target), master.hidden_files) and path.suffix == ".py":
            token = new_token(f"the hidden file {path.name}")
            path.write_text(f"{path.read_text('utf-8')}\n# {token}\n", "utf-8")
    (target / master.path.name).write_text(json.dumps(notebook), "utf-8")
    return places


def _is_listed(path: Path, names: Sequence[str]) -> bool:
    return any(path.is_relative_to(name) for name in names)


def _replace(notebook: dict[str, Any], cell: Cell, source: str) -> None:
    notebook["cells"][cell.number - 1]["source"] = source


def in_solution(cell: Cell, token: str) -> str:
    """Return a solution with the token in its comments and texts, and in lines of its own."""
    if cell.kind != "code":
        return f"{cell.source}\n\n{token}"
    lines = cell.source.split("\n")
    hidden = solution_lines(cell.source)
    for edits in (_in_tokens(cell.source, hidden, token), _new_lines(lines, hidden, token)):
        changed = _edited(lines, edits)
        # What breaks the cell is left out: the copy must build as the master does.
        if student_cells.not_python("\n".join(changed)) is None:
            lines = changed
    return "\n".join(lines)


def solution_lines(source: str) -> list[int]:
    """Return the lines, from 0, that no student may see."""
    in_block, hidden = False, []
    for number, line in enumerate(source.split("\n")):
        text = line.strip()
        if text == markers.SOLUTION_END:
            in_block = False
        if in_block or line.rstrip().endswith(markers.SOLUTION_LINES):
            hidden.append(number)
        if text in markers.SOLUTION_BEGINS:
            in_block = True
    return hidden


def _in_tokens(source: str, hidden: Sequence[int], token: str) -> Edits:
    """Put the token at the end of every comment and text that lies in hidden lines."""
    edits: Edits = []
    try:
        for piece in tokenize.generate_tokens(io.StringIO(source).readline):
            if piece.start[0] - 1 not in hidden or piece.end[0] - 1 not in hidden:
                continue
            if piece.type == tokenize.STRING:
                quotes = 3 if piece.string.endswith(('"""', "'''")) else 1
                edits.append((piece.end[0] - 1, piece.end[1] - quotes, token))
            elif piece.type == tokenize.COMMENT and not markers.meant_by(piece.string):
                edits.append((piece.end[0] - 1, piece.end[1], f" {token}"))
    except (tokenize.TokenError, SyntaxError):
        return []  # a magic is no Python: `_new_lines` must do for this cell
    return edits


def _new_lines(lines: Sequence[str], hidden: Sequence[int], token: str) -> Edits:
    """Put the token before the first line of each block, as a comment and as a text."""
    edits: Edits = []
    for number in hidden:
        if number - 1 not in hidden and lines[number - 1].strip() in markers.SOLUTION_BEGINS:
            indent = "".join(takewhile(str.isspace, lines[number]))
            edits.append((number, 0, f'{indent}# {token}\n{indent}"{token}"\n'))
        elif lines[number].rstrip().endswith(markers.SOLUTION_LINES):
            statement = lines[number][: lines[number].rindex("#")].rstrip()
            edits.append((number, len(statement), f'; "{token}"'))
    return edits


def _edited(lines: Sequence[str], edits: Edits) -> list[str]:
    changed = list(lines)
    for number, column, text in sorted(edits, reverse=True):  # from the end: places stay true
        line = changed[number]
        changed[number] = line[:column] + text + line[column:]
    return "\n".join(changed).split("\n")


def in_check(check: CheckCell, token: str) -> str:
    """Return a hidden check with the token in its name, docstring, body and messages."""
    function = ast.parse(ast.unparse(check.function)).body[0]
    assert isinstance(function, ast.FunctionDef)
    docstring = ast.get_docstring(function) or ""
    function.name = f"{function.name}_{token}"
    function.body[0:1] = [_text(f"{docstring} {token}"), _text(token)]
    config = dict(configuration(check.cell))
    for key in ("failure_message", "success_message"):
        if key in config:
            config[key] = f"{config[key]} {token}"
    keys = yaml.safe_dump(config, allow_unicode=True, width=10_000).strip()
    body = ast.unparse(ast.fix_missing_locations(function))
    return f'""" # BEGIN TEST CONFIG\n{keys}\n""" # END TEST CONFIG\n{body}'


def _text(value: str) -> ast.Expr:
    return ast.Expr(ast.Constant(value))


def search(folder: Path, word: str) -> Iterator[tuple[str, int | None]]:
    """Find the word below a folder: the file, and the number of the place it came from."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield from _in_bytes(name, path.read_bytes() if path.is_file() else b"", word)


def _in_bytes(
    name: str, data: bytes, word: str, depth: int = DEPTH
) -> Iterator[tuple[str, int | None]]:
    """Find the word in bytes, in its encodings, and in what is packed in them."""
    for form in forms(word):
        if form in data or form in name.encode():
            yield name, _place_number(data, word)
            return
    if depth:
        for member, unpacked in _unpacked(name, data):
            yield from _in_bytes(member, unpacked, word, depth - 1)


def forms(word: str) -> list[bytes]:
    """Return how a word may be written: plain, wide, in hexadecimal and in base 64."""
    plain = word.encode()
    # Base 64 writes three bytes as four letters, so the word looks otherwise at each of three
    # offsets; the letters at its ends depend on what stands beside it and are cut off.
    shifted = [base64.b64encode(b"." * n + plain)[4 * bool(n) : -4] for n in range(3)]
    return [plain, word.encode("utf-16-le"), plain.hex().encode(), plain.swapcase(), *shifted]


def _place_number(data: bytes, word: str) -> int | None:
    """Return the number behind the word; None where it is written in another form."""
    number = data.partition(f"{word}x".encode())[2].partition(b"x")[0]
    return int(number) if number.isdigit() else None


def _unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Open archives; bytes that only look like one hold nothing that could be read."""
    try:
        if data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.namelist():
                    yield f"{name}:{member}", archive.read(member)
        elif data.startswith(b"\x1f\x8b"):
            yield f"{name}:unpacked", gzip.decompress(data)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError):
        return
