"""Files that are not quite JSON, and JSON that is not quite a notebook."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import partial

from faults.desk import FULL, Desk, Fault, Notebook, cell, fault, text

FAULTS: list[Fault] = []
broken = partial(fault, FAULTS)


@broken(says="the file is empty. Download it again")
def empty(desk: Desk) -> None:
    """The upload was interrupted before its first byte.

    The reason says that the file is empty.
    """
    desk.hand_in(b"")


@broken(says="the file is empty")
def only_zeros(desk: Desk) -> None:
    """A full disk left the length of the file and none of its bytes.

    The file counts as empty.
    """
    desk.hand_in(bytes(4096))


@broken(says="JSON breaks off at byte")
def truncated(desk: Desk) -> None:
    """The upload was interrupted halfway.

    The reason says at which byte, and how many there are.
    """
    whole = text(desk.solved())
    desk.hand_in(whole[: len(whole) // 2])


@broken(points=FULL)
def padded_with_zeros(desk: Desk) -> None:
    """A disk filled the last block of the file with zeros.

    Nothing is lost.
    """
    desk.hand_in(text(desk.solved()).encode() + bytes(512))


@broken(says="not a notebook (JSON breaks off at byte 0")
def not_json(desk: Desk) -> None:
    """A letter to the teacher, under the name of a notebook.

    The reason says that this is no notebook.
    """
    desk.hand_in("Dear teacher, the file would not open, so here is my answer: 42.")


@broken(says="it holds a list")
def a_list(desk: Desk) -> None:
    """Only the cells were copied out of the file.

    The reason says what the JSON holds.
    """
    desk.hand_in(json.dumps(desk.solved()["cells"]))


@broken(says='no list of "cells"')
def another_object(desk: Desk) -> None:
    """The settings of an editor were handed in.

    The reason says what is missing.
    """
    desk.hand_in('{"editor.fontSize": 14}')


@broken(says='no list of "cells"')
def cells_by_number(desk: Desk) -> None:
    """A converter wrote the cells as an object with numbers for keys.

    Nobody guesses their order.
    """
    made = desk.solved()
    desk.hand_in({**made, "cells": {str(n): one for n, one in enumerate(made["cells"])}})


@broken(says="the notebook has no cells")
def no_cells(desk: Desk) -> None:
    """Every cell was deleted.

    There is nothing to grade, which is said.
    """
    desk.hand_in({**desk.blank, "cells": []})


@broken(says="a single value")
def a_notebook_in_a_string(desk: Desk) -> None:
    """A web form encoded the notebook as JSON a second time.

    It is not decoded twice; the reason says what the file holds.
    """
    desk.hand_in(json.dumps(text(desk.solved())))


@broken(says="nested too deeply")
def deep_nesting(desk: Desk) -> None:
    """A hundred thousand brackets, to exhaust the parser's stack.

    The reason is a sentence, not a crash.
    """
    desk.hand_in("[" * 100_000)


@broken(says="thousands of digits")
def an_enormous_number(desk: Desk) -> None:
    """A number of a million digits, which takes minutes to convert.

    It is refused at once.
    """
    desk.hand_in('{"cells": ' + "9" * 1_000_000 + "}")


@broken(says="JSON breaks off at byte")
def merge_conflict_inside(desk: Desk) -> None:
    """Git left both sides of a conflict inside the file.

    Nobody guesses which side counts.
    """
    first, rest = text(desk.solved()).split('"source"', 1)
    desk.hand_in(f'{first}<<<<<<< HEAD\n"source": "",\n=======\n>>>>>>> mine\n"source"{rest}')


@broken(says="the two sides of a merge")
def merge_conflict_around(desk: Desk) -> None:
    """Git left both versions of the whole file, one after the other.

    The reason says what it is.
    """
    mine, theirs = text(desk.solved()), text(desk.blank)
    desk.hand_in(f"<<<<<<< HEAD\n{mine}\n=======\n{theirs}\n>>>>>>> theirs\n")


@broken(points=FULL, says="format 3 was upgraded")
def format_3(desk: Desk) -> None:
    """A Jupyter of 2014 saved the notebook in format 3, which has no ids.

    It is upgraded, and the answers are found by what they define.
    """
    desk.hand_in(_old(desk.solved(), 3))


@broken(points=FULL, says="format 3 was upgraded")
def format_2(desk: Desk) -> None:
    """An IPython of 2012 saved the notebook in format 2.

    It is read like format 3, with a note.
    """
    desk.hand_in(_old(desk.solved(), 2))


@broken(points=FULL)
def a_later_minor_format(desk: Desk) -> None:
    """A Jupyter of the future saved format 4.99.

    Formats of the same major number are read.
    """
    desk.hand_in({**desk.solved(), "nbformat_minor": 99})


@broken(points=FULL, says="does not say that it has format 4")
def a_later_major_format(desk: Desk) -> None:
    """A Jupyter of the future saved format 7.

    Its list of cells is read as that of format 4, with a note.
    """
    desk.hand_in({**desk.solved(), "nbformat": 7})


@broken(points=FULL)
def utf_16(desk: Desk) -> None:
    """An editor on Windows saved UTF-16 with a mark.

    Nothing is lost.
    """
    desk.hand_in(text(desk.solved()).encode("utf-16"))


@broken(points=FULL)
def byte_order_mark(desk: Desk) -> None:
    """An editor on Windows put a mark before the UTF-8.

    Nothing is lost.
    """
    desk.hand_in(text(desk.solved()).encode("utf-8-sig"))


@broken(points=FULL, says="was read as Windows-1252")
def latin_1(desk: Desk) -> None:
    """An old editor saved Latin-1, with a comment in German.

    The comment survives, with a note.
    """
    made = _commented(desk.solved(), "größer")
    desk.hand_in(json.dumps(made, ensure_ascii=False).encode("latin-1"))


@broken(points=FULL, says="damaged characters were replaced")
def one_damaged_byte(desk: Desk) -> None:
    """One byte of a comment was damaged on the way.

    Only that character is replaced, with a note.
    """
    made = _commented(desk.solved(), "größer X")
    raw = json.dumps(made, ensure_ascii=False).encode()
    desk.hand_in(raw.replace("größer X".encode(), "größer ".encode() + b"\xff"))


@broken(points=FULL)
def line_ends_of_windows(desk: Desk) -> None:
    """File and sources have the line ends of Windows.

    They mean the same.
    """
    made = _sources(desk.solved(), lambda source: source.replace("\n", "\r\n"))
    desk.hand_in(text(made).replace("\n", "\r\n"))


@broken(points=FULL)
def line_ends_of_old_macs(desk: Desk) -> None:
    """Every line of the sources ends in a carriage return alone.

    They mean the same.
    """
    desk.hand_in(_sources(desk.solved(), lambda source: source.replace("\n", "\r")))


@broken(points=FULL, says="line ends or control characters")
def line_ends_inside_strings(desk: Desk) -> None:
    """An editor wrote real line ends where JSON wants backslash and n.

    They are accepted, with a note.
    """
    desk.hand_in(json.dumps(desk.solved()).replace("\\n", "\n"))


@broken(points=FULL, says="characters that no notebook may hold")
def nul_bytes(desk: Desk) -> None:
    """A NUL stands in an answer, which Python refuses to compile.

    It is removed, with a note.
    """
    desk.hand_in(_commented(desk.solved(), "a\0b"))


@broken(points=FULL, says="characters that no notebook may hold")
def a_lone_surrogate(desk: Desk) -> None:
    """Half of an emoji stands in a comment, which no file can hold.

    It is replaced, with a note.
    """
    desk.hand_in(_commented(desk.solved(), "\ud83d"))


@broken(points=FULL)
def a_single_line(desk: Desk) -> None:
    """The whole notebook stands in one line, with two million blanks behind it.

    Nothing is lost.
    """
    desk.hand_in(json.dumps(desk.solved()) + " " * 2_000_000)


@broken(points=FULL)
def sixty_megabytes_of_outputs(desk: Desk) -> None:
    """A loop printed pictures, 60 MB of them.

    Outputs are thrown away before the sandbox sees them.
    """
    made = desk.solved()
    cell(made, "pulse")["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * (60 << 20)}}
    ]
    desk.hand_in(made)


@broken(says="larger than 100 MiB")
def larger_than_the_limit(desk: Desk) -> None:
    """A file of a gigabyte, which is a hole on the disk.

    It is not read beyond the limit.
    """
    with desk.hand_in(b"").open("wb") as file:
        file.truncate(1 << 30)


@broken(says="JSON breaks off at byte")
def two_notebooks_in_one_file(desk: Desk) -> None:
    """Two notebooks were joined with `cat`.

    Nobody guesses which one counts.
    """
    desk.hand_in(text(desk.blank) + text(desk.solved()))


@broken(says="JSON breaks off at byte")
def a_python_dictionary(desk: Desk) -> None:
    """A script wrote the notebook with `str`, in single quotes.

    Nothing of it is evaluated.
    """
    desk.hand_in(str(desk.solved()))


def _old(notebook: Notebook, version: int) -> Notebook:
    """Return a notebook as formats 2 and 3 had it: worksheets, `input`, no ids."""
    cells = []
    for one in deepcopy(notebook["cells"]):
        old = {"cell_type": one["cell_type"], "metadata": {}}
        if one["cell_type"] == "code":
            old |= {"input": one["source"], "language": "python", "outputs": []}
        else:
            old |= {"source": one["source"]}
        cells.append(old)
    made = {"metadata": {"name": "averages"}, "nbformat": version, "nbformat_minor": 0}
    return {**made, "worksheets": [{"cells": cells, "metadata": {}}]}


def _commented(notebook: Notebook, comment: str) -> Notebook:
    cell(notebook, "peak")["source"] += f"  # {comment}"
    return notebook


def _sources(notebook: Notebook, change: object) -> Notebook:
    assert callable(change)
    for one in notebook["cells"]:
        one["source"] = change("".join(one["source"]))
    return notebook
