"""Files that are no files, suffixes that mislead, and names that no row should trust."""

from __future__ import annotations

import os
import socket
from functools import partial

from faults.archives import zipped
from faults.desk import FULL, Desk, Fault, Row, cell, fault

FAULTS: list[Fault] = []
broken = partial(fault, FAULTS)


@broken(Row(id="suffix-of-text.ipynb", points=FULL))
def suffix_of_text(desk: Desk) -> None:
    """The browser saved the notebook as .ipynb.txt.

    It is read all the same.
    """
    desk.hand_in(desk.solved(), "suffix-of-text.ipynb.txt")


@broken(points=FULL)
def suffix_of_text_in_a_folder(desk: Desk) -> None:
    """The only file in the student's folder is called .ipynb.txt.

    There is nothing else that could count.
    """
    desk.hand_in(desk.solved(), "suffix-of-text-in-a-folder/x.ipynb.txt")


@broken(points=FULL)
def suffix_of_json(desk: Desk) -> None:
    """The browser saved the notebook as .json.

    It is read all the same.
    """
    desk.hand_in(desk.solved(), "suffix-of-json.json")


@broken(points=FULL)
def suffix_of_python(desk: Desk) -> None:
    """The notebook was renamed to .py.

    It is read all the same.
    """
    desk.hand_in(desk.solved(), "suffix-of-python.py")


@broken(points=FULL)
def suffix_in_capitals(desk: Desk) -> None:
    """The suffix is written in capitals.

    It means the same.
    """
    desk.hand_in(desk.solved(), "suffix-in-capitals.IPYNB")


@broken(points=FULL)
def no_suffix(desk: Desk) -> None:
    """The suffix was lost.

    The file is read all the same.
    """
    desk.hand_in(desk.solved(), "no-suffix")


@broken(says="a script or a text, not a notebook. Hand in the notebook")
def exported_script(desk: Desk) -> None:
    """The notebook was exported as a Python script.

    The reason says what to hand in instead.
    """
    desk.hand_in(
        "#!/usr/bin/env python\n# coding: utf-8\nimport numpy as np\n", "exported-script.py"
    )


@broken(says="a web page, not a notebook. Save the notebook itself")
def exported_page(desk: Desk) -> None:
    """The notebook was exported as a web page.

    The reason says what to hand in instead.
    """
    desk.hand_in("<!DOCTYPE html>\n<html><body>10 / 10</body></html>", "exported-page.html")


@broken(says="a web page")
def page_named_notebook(desk: Desk) -> None:
    """What was downloaded is the page of an error, under the name of a notebook.

    The reason says what it is.
    """
    desk.hand_in("\n  <html>404 not found</html>")


@broken(says="a PDF, not a notebook")
def printed(desk: Desk) -> None:
    """The notebook was printed to a PDF.

    The reason says what to hand in instead.
    """
    desk.hand_in(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "printed/printed.pdf")


@broken(says="a picture, not a notebook")
def photographed(desk: Desk) -> None:
    """The screen was photographed.

    The reason says what to hand in instead.
    """
    desk.hand_in(b"\xff\xd8\xff\xe0\0\x10JFIF", "photographed.jpg")


@broken(says="holds no notebook, only [Content_Types].xml, word/document.xml")
def word_document(desk: Desk) -> None:
    """The answers stand in a Word document, which is a zip.

    The reason says what is in it and what to hand in.
    """
    desk.hand_in(zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "word-document.docx")


@broken(says="a pointer of Git LFS")
def large_file_pointer(desk: Desk) -> None:
    """Git handed in a pointer in place of a large file.

    The reason says what it is.
    """
    desk.hand_in("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")


@broken(Row(id="folder-like-a-notebook.ipynb", says="an empty folder"))
def folder_like_a_notebook(desk: Desk) -> None:
    """A folder has the name of a notebook, and nothing in it.

    It is a student's folder, and empty.
    """
    (desk.folder / "folder-like-a-notebook.ipynb").mkdir()


@broken(Row(id="full-folder-like-a-notebook.ipynb", points=FULL))
def full_folder_like_a_notebook(desk: Desk) -> None:
    """A folder has the name of a notebook, with the notebook in it.

    It is a student's folder.
    """
    desk.hand_in(desk.solved(), "full-folder-like-a-notebook.ipynb/x.ipynb")


@broken(says="new.ipynb, old.ipynb: which one counts")
def two_notebooks(desk: Desk) -> None:
    """The student's folder holds two versions.

    Both are named; nobody guesses.
    """
    desk.hand_in(desk.blank, "two-notebooks/old.ipynb")
    desk.hand_in(desk.solved(), "two-notebooks/new.ipynb")


@broken(says="no notebook here, only answer.py, notes.txt")
def no_notebook(desk: Desk) -> None:
    """The student's folder holds everything but the notebook.

    The reason says what is there.
    """
    for name in ("answer.py", "notes.txt"):
        desk.hand_in("x = 1", f"no-notebook/{name}")


@broken(says="an empty folder")
def only_checkpoints(desk: Desk) -> None:
    """The student's folder holds only what Jupyter saves by itself.

    An automatic copy is not what was handed in.
    """
    desk.hand_in(desk.solved(), "only-checkpoints/.ipynb_checkpoints/x-checkpoint.ipynb")


@broken(points=FULL)
def deep_folders(desk: Desk) -> None:
    """The notebook lies five folders deep, beside data.

    It is found.
    """
    desk.hand_in(desk.solved(), "deep-folders/a/b/c/d/e/x.ipynb")
    desk.hand_in("1,2", "deep-folders/a/data.csv")


@broken(says="too many files to look through")
def folders_without_end(desk: Desk) -> None:
    """Folders lie in folders, more than anybody makes by hand.

    The search ends, with a reason.
    """
    (desk.folder / "folders-without-end" / "/".join("abcdefghijklmnop")).mkdir(parents=True)


@broken(says="not a regular file")
def pipe(desk: Desk) -> None:
    """A pipe has the name of a notebook, and nobody writes to it.

    It is not waited for.
    """
    os.mkfifo(desk.folder / "pipe.ipynb")


@broken(says="not a regular file")
def socket_file(desk: Desk) -> None:
    """A socket has the name of a notebook.

    It is not opened.
    """
    (desk.folder / "socket-file").mkdir()
    here = os.open(desk.folder / "socket-file", os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"/proc/self/fd/{here}/x.ipynb")  # the whole path may be too long
    os.close(here)


@broken(says="links are not followed")
def link_to_a_secret(desk: Desk) -> None:
    """A link points to a file that only staff may read.

    It is not followed.
    """
    (desk.folder / "link-to-a-secret.ipynb").symlink_to("/etc/shadow")


@broken(says="links are not followed")
def link_to_a_neighbour(desk: Desk) -> None:
    """A link in the student's folder points to another student's work.

    It is not followed.
    """
    desk.hand_in(b"", "link-to-a-neighbour/x").unlink()
    (desk.folder / "link-to-a-neighbour/x.ipynb").symlink_to("../no-suffix")


@broken(says="links are not followed")
def link_to_nothing(desk: Desk) -> None:
    """The target of a link was not copied along.

    The reason says that it is a link.
    """
    (desk.folder / "link-to-nothing.ipynb").symlink_to("C:/Users/bo/homework.ipynb")


@broken(says="links are not followed")
def link_to_itself(desk: Desk) -> None:
    """A link points to itself.

    It is not followed, not even once.
    """
    (desk.folder / "link-to-itself.ipynb").symlink_to("link-to-itself.ipynb")


@broken(says="links are not followed")
def link_to_a_folder(desk: Desk) -> None:
    """A link points to the root of the disk.

    It is not searched.
    """
    (desk.folder / "link-to-a-folder").symlink_to("/")


@broken(
    points=FULL if os.geteuid() == 0 else None,  # root may read everything
    says="" if os.geteuid() == 0 else "could not be opened (Permission denied)",
)
def unreadable(desk: Desk) -> None:
    """The file was copied without the right to read it.

    The reason says what is in the way.
    """
    desk.hand_in(desk.solved()).chmod(0)


@broken(
    Row(id="same", points=FULL),
    Row(id="Same", points=0.0),
    Row(id="same.ipynb", points=FULL),
    Row(id="same.json", says="the file is empty"),
)
def the_same_student_twice(desk: Desk) -> None:
    """One student has a folder, two notebooks equal but for case, and an empty file.

    Each has its row, and its report; none replaces another.
    """
    desk.hand_in(desk.solved(), "same/x.ipynb")
    desk.hand_in(desk.solved(), "same.ipynb")
    desk.hand_in(desk.blank, "Same.ipynb")
    desk.hand_in("", "same.json")


NAMES: tuple[tuple[str | bytes, str], ...] = (  # as on the disk, without suffix; as in the row
    ("line\nbreak", "line\\nbreak"),
    ("tab\tstop", "tab\\tstop"),
    ("quo\"te's", "quo\"te's"),
    ("comma, semicolon; colon:", "comma, semicolon; colon:"),
    ("=cmd|'C calc'!A0", "=cmd|'C calc'!A0"),
    ("semicolon;=1+1", "semicolon;=1+1"),
    ("+1", "+1"),
    ("@sum(A1)", "@sum(A1)"),
    ("-rf", "-rf"),
    ("right\u202eleft", "right\\u202eleft"),
    ("zero\u200bwidth", "zero\\u200bwidth"),
    ("face \U0001f600", "face \U0001f600"),
    ("red \x1b[31m", "red \\x1b[31m"),
    ("bell \x07", "bell \\x07"),
    (b"caf\xe9", "caf\\xe9"),
    (b"\xff\xfe", "\\xff\\xfe"),
    ("cafe\u0301", "cafe\u0301"),
    ("caf\u00e9", "caf\u00e9"),
    ("x" * 249, "x" * 249),
    ("..", ".."),
    ("", ".ipynb"),
    (".hidden", ".hidden"),
    (" blanks ", " blanks "),
    ("..\\..\\up", "..\\..\\up"),
    ("<b>bold", "<b>bold"),
    ("$(id) `id` %s {0}", "$(id) `id` %s {0}"),
    ("CON", "CON"),
    ("gradebook", "gradebook"),
    ("null", "null"),
)


@broken(*(Row(id=shown, points=FULL) for _, shown in NAMES))
def awkward_names(desk: Desk) -> None:
    """Line ends, quotes, formulas, escapes, bytes that are no text, 255 bytes, only dots.

    Each has a row under a name in one line; none is a path, a formula or a code.
    """
    for name, _ in NAMES:
        raw = name if isinstance(name, bytes) else name.encode()
        desk.hand_in(desk.solved(), raw + b".ipynb")


@broken(Row(id="...", says="an empty folder"))
def only_dots(desk: Desk) -> None:
    """A folder is called by three dots, which looks like a way up.

    It is a student's folder like any other.
    """
    (desk.folder / "...").mkdir()


@broken(points=FULL, says="no id")
def only_the_code(desk: Desk) -> None:
    """The student's folder holds a notebook of four cells, written from scratch.

    The answers are found by what they define, with a note.
    """
    made = desk.solved()
    names = ("imports", "average", "pulse", "peak")
    cells = [{**cell(made, name)} for name in names]
    for one in cells:
        del one["id"]
    desk.hand_in({**made, "cells": cells}, "only-the-code/Untitled1.ipynb")
