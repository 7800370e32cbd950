"""What strangers hand in becomes a clean notebook, or a sentence with the remedy."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradekit import cells, submission
from gradekit.errors import SubmissionError
from gradekit.submission import HandIn, find, read

ROOT = Path("/")


def notebook(*sources: Any, **extra: Any) -> dict[str, Any]:
    made = [
        {"id": f"c{n}", "cell_type": "code", "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}


def data(*sources: Any, **extra: Any) -> bytes:
    return json.dumps(notebook(*sources, **extra)).encode()


def parse(raw: bytes) -> submission.Submission:
    return submission.parse(raw, HandIn(id="bo", file="bo.ipynb", root=ROOT, parts=("bo.ipynb",)))


def cells_of(raw: bytes) -> list[dict[str, str]]:
    return json.loads(parse(raw).notebook)["cells"]


def sources_of(raw: bytes) -> list[str]:
    return [cell["source"] for cell in cells_of(raw)]


def reason(raw: bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        parse(raw)
    assert str(caught.value).startswith("bo.ipynb: ")
    assert str(caught.value).endswith(".")
    return str(caught.value)


def reason_for(folder: Path, name: str) -> str:
    [handin] = [one for one in find(folder) if one.parts[0] == name]
    with pytest.raises(SubmissionError) as caught:
        read(handin)
    return str(caught.value)


# Finding what was handed in.


def test_a_folder_of_notebooks_gives_one_row_for_each(tmp_path: Path) -> None:
    """The id is the file name without its suffix."""
    for name in ("bo.ipynb", "alice.ipynb"):
        (tmp_path / name).write_bytes(data("1"))
    assert [(one.id, one.file) for one in find(tmp_path)] == [
        ("alice", "alice.ipynb"),
        ("bo", "bo.ipynb"),
    ]


def test_a_folder_of_folders_gives_one_row_for_each_student(tmp_path: Path) -> None:
    """The id is the folder's name; the notebook may lie deeper, beside other files."""
    (tmp_path / "alice/work").mkdir(parents=True)
    (tmp_path / "alice/work/final version.ipynb").write_bytes(data("1"))
    (tmp_path / "alice/digits.png").write_bytes(b"")
    [handin] = find(tmp_path)
    assert (handin.id, handin.file) == ("alice", "alice/work/final version.ipynb")
    assert json.loads(read(handin).notebook)["cells"][0]["source"] == "1"


def test_one_file_is_one_submission(tmp_path: Path) -> None:
    """A single notebook is graded without its neighbours, whatever it is called."""
    (tmp_path / "README.ipynb").write_bytes(data("1"))
    (tmp_path / "bo.ipynb").write_bytes(data("1"))
    assert [one.id for one in find(tmp_path / "README.ipynb")] == ["README"]


@pytest.mark.parametrize("name", ["notes.txt", "scan.pdf", "answer", "x.ipynb.zip", "main.py"])
def test_a_file_that_is_no_notebook_still_gets_a_row(tmp_path: Path, name: str) -> None:
    """Somebody handed it in, so somebody is told why it has no score."""
    (tmp_path / name).write_bytes(b"not a notebook")
    assert reason_for(tmp_path, name).startswith(f"{name}: the file is not a notebook")


def test_the_staffs_files_and_leftovers_get_no_row(tmp_path: Path) -> None:
    """A README, marks and what macOS or Jupyter leave behind were not handed in."""
    for name in ("README.md", "marks.toml", ".DS_Store", "._bo.ipynb", "Thumbs.db", "bo.ipynb"):
        (tmp_path / name).write_bytes(data("1"))
    for name in (".ipynb_checkpoints", "__MACOSX"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bo.ipynb").write_bytes(data("2"))
    assert [one.id for one in find(tmp_path)] == ["bo"]
    assert submission.staff_files(tmp_path) == ["README.md", "marks.toml"]


def test_our_own_results_folder_is_no_submission(tmp_path: Path) -> None:
    """Grading the current folder twice gives the same rows."""
    (tmp_path / "results").mkdir()
    (tmp_path / "bo.ipynb").write_bytes(data("1"))
    assert [one.id for one in find(tmp_path, leave_out=[tmp_path / "results"])] == ["bo"]


@pytest.mark.parametrize("there", [True, False])
def test_nothing_handed_in_is_a_sentence(tmp_path: Path, there: bool) -> None:
    """An empty folder and a missing one are refused as a whole."""
    with pytest.raises(SubmissionError, match=r"nothing was handed in|no such file"):
        find(tmp_path if there else tmp_path / "missing")


def test_a_folder_without_a_notebook_says_what_it_holds(tmp_path: Path) -> None:
    """The student can see which file was taken for the submission."""
    (tmp_path / "bo").mkdir()
    (tmp_path / "chen").mkdir()
    (tmp_path / "bo/notes.txt").write_text("hello")
    assert "bo/: no notebook here, only notes.txt." in reason_for(tmp_path, "bo")
    assert "chen/: an empty folder." in reason_for(tmp_path, "chen")


def test_two_notebooks_in_one_folder_are_named_not_guessed(tmp_path: Path) -> None:
    """Which one counts is for people to say."""
    (tmp_path / "bo").mkdir()
    for name in ("old.ipynb", "new.ipynb"):
        (tmp_path / "bo" / name).write_bytes(data("1"))
    assert "new.ipynb, old.ipynb: which one counts?" in reason_for(tmp_path, "bo")


def test_a_folder_named_like_a_notebook_is_a_folder(tmp_path: Path) -> None:
    """It gets a row and a reason, and is never opened as a file."""
    (tmp_path / "bo.ipynb").mkdir()
    assert "an empty folder" in reason_for(tmp_path, "bo.ipynb")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_has_a_reason_of_its_own(tmp_path: Path) -> None:
    """A folder and a file without permissions cost only themselves."""
    for name in ("bo", "chen"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.ipynb").write_bytes(data("1"))
    (tmp_path / "bo").chmod(0)
    (tmp_path / "chen/x.ipynb").chmod(0)
    reasons = [reason_for(tmp_path, name) for name in ("bo", "chen")]
    (tmp_path / "bo").chmod(0o700)
    assert all("could not be opened (Permission denied)" in reason for reason in reasons)


def test_too_many_files_are_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of a million files costs a reason, not an hour."""
    monkeypatch.setattr(submission, "MAX_ENTRIES", 5)
    (tmp_path / "bo").mkdir()
    for number in range(9):
        (tmp_path / "bo" / str(number)).touch()
    assert "too many files" in reason_for(tmp_path, "bo")


def test_links_are_never_followed(tmp_path: Path) -> None:
    """Neither a link to a file, nor to a folder, nor one inside a student's folder."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.ipynb").write_bytes(data("secret"))
    handed_in = tmp_path / "class"
    (handed_in / "inside").mkdir(parents=True)
    (handed_in / "inside/x.ipynb").symlink_to(secret / "key.ipynb")
    (handed_in / "file.ipynb").symlink_to(secret / "key.ipynb")
    (handed_in / "folder").symlink_to(secret)
    for name in ("inside", "file.ipynb", "folder"):
        assert "links are not followed" in reason_for(handed_in, name)


def test_a_folder_exchanged_for_a_link_is_not_followed(tmp_path: Path) -> None:
    """What was a folder when we looked may be a link when we open."""
    (tmp_path / "class/bo").mkdir(parents=True)
    (tmp_path / "class/bo/x.ipynb").write_bytes(data("1"))
    [handin] = find(tmp_path / "class")
    (tmp_path / "class/bo").rename(tmp_path / "elsewhere")
    (tmp_path / "class/bo").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SubmissionError, match=r"bo/x\.ipynb"):
        read(handin)


@pytest.mark.timeout(20)
def test_a_pipe_and_a_socket_do_not_keep_us_waiting(tmp_path: Path) -> None:
    """Only regular files are read."""
    os.mkfifo(tmp_path / "pipe.ipynb")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket.ipynb"))
    for name in ("pipe.ipynb", "socket.ipynb"):
        assert "not a regular file" in reason_for(tmp_path, name)
    listener.close()


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    """A sparse file of a terabyte costs nothing."""
    with (tmp_path / "big.ipynb").open("wb") as file:
        file.truncate(1 << 40)
    assert "larger than 100 MiB" in reason_for(tmp_path, "big.ipynb")


def test_awkward_names_are_read_and_shown_as_plain_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, line ends, escapes and 255 bytes: each has a clean row."""
    names = [b"\xff\xfe", b"a\nb", b"\x1b[31mred", "e\u202ecod".encode(), b"x" * 249, b"a,b:c"]
    for name in names:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name + b".ipynb")).write_bytes(data("1"))
    found = find(tmp_path)
    assert len(found) == len(names)
    for handin in found:
        assert handin.id.isprintable()
        assert handin.file.isprintable()
        assert read(handin).notebook


def test_every_row_has_an_id_of_its_own(tmp_path: Path) -> None:
    """The same student twice is two rows; the folder, then the notebook keeps the short id."""
    (tmp_path / "bo").mkdir()
    for name in ("bo.ipynb", "bo.txt", "Bo.ipynb", "bo.ipynb.txt", "chen.txt", "chen.ipynb"):
        (tmp_path / name).write_bytes(data("1"))
    assert {one.file: one.id for one in find(tmp_path)} == {
        "bo/": "bo",
        "bo.ipynb": "bo.ipynb",
        "Bo.ipynb": "Bo",
        "bo.txt": "bo.txt",
        "bo.ipynb.txt": "bo.ipynb.txt",
        "chen.ipynb": "chen",
        "chen.txt": "chen.txt",
    }


# Reading one file.


def test_only_cells_and_their_sources_are_kept() -> None:
    """Outputs, metadata and attachments never reach the worker."""
    kept = cells_of(data("a = 1", ["b = 2\n", "c = 3"]))
    assert kept == [
        {"id": "c0", "cell_type": "code", "source": "a = 1"},
        {"id": "c1", "cell_type": "code", "source": "b = 2\nc = 3"},
    ]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b" \n\0\0", "empty"),
        (data("1")[:40], "JSON breaks off at byte"),
        (b"PK\x03\x04....", "zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"[1, 2]", "it holds a list"),
        (b"3", "a single value"),
        (b'{"a": 1}', 'no list of "cells"'),
        (b'{"cells": {"0": 1}}', 'no list of "cells"'),
        (b'{"cells": [], "nbformat": 4}', "no cells"),
        (b'{"cells": [1, null], "nbformat": 4}', "no cells"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"cells": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested too deeply"),
        (b'{"cells": ' + b"9" * 5000 + b"}", "thousands of digits"),
        (b"\xff\xfe{\x00\x00", "breaks off"),
        (b"\x00\x00\x00\x00", "empty"),
        (bytes(range(256)), "not a notebook"),
    ],
)
def test_what_is_no_notebook_is_said_with_a_remedy(raw: bytes, says: str) -> None:
    """The reason says what was found and what to hand in instead."""
    assert says in reason(raw)


def test_broken_json_is_placed_in_bytes() -> None:
    """The place counts bytes of the file, also after letters of two bytes and a mark."""
    raw = b"\xef\xbb\xbf" + '{"ä": ?'.encode()
    assert f"breaks off at byte {raw.index(b'?')} of {len(raw)}" in reason(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_unicode_of_every_width_is_read(encoding: str) -> None:
    """Editors on Windows save UTF-16 and byte order marks."""
    text = json.dumps(notebook("größe = 'π'"), ensure_ascii=False)
    assert sources_of(text.encode(encoding)) == ["größe = 'π'"]


def test_windows_text_is_read_and_noted() -> None:
    """A file in Latin-1 or Windows-1252 keeps its umlauts."""
    raw = json.dumps(notebook("# größe – ok"), ensure_ascii=False).encode("cp1252")
    assert sources_of(raw) == ["# größe – ok"]
    assert "is not UTF-8; the file was read as Windows-1252" in parse(raw).notes[0]


def test_one_damaged_byte_does_not_garble_the_rest() -> None:
    """Where the rest is UTF-8, only the damaged character is replaced."""
    raw = json.dumps(notebook("# größe X"), ensure_ascii=False).encode().replace(b"X", b"\xff")
    assert sources_of(raw) == ["# größe \ufffd"]
    assert "damaged characters were replaced" in parse(raw).notes[0]


def test_characters_that_no_notebook_may_hold_are_replaced() -> None:
    """NUL, half a character and a byte order mark would each keep a cell from running."""
    raw = data("a\0 = 1", "b = '\ud800'", "\ufeffc = 3", "ok = '\U0001f600'")
    assert sources_of(raw) == ["a = 1", "b = '\ufffd'", "c = 3", "ok = '\U0001f600'"]
    assert parse(raw).notes == (
        "cells 1, 2, 3: characters that no notebook may hold were removed or replaced",
    )


def test_line_ends_of_every_kind_become_newlines() -> None:
    """Sources from Windows and old Macs mean the same."""
    assert sources_of(data("a\r\nb\rc\n")) == ["a\nb\nc\n"]


def test_raw_control_characters_in_json_are_accepted_with_a_note() -> None:
    """An editor that wrapped long lines has broken the JSON, not the work."""
    raw = data("a = 1;b = 2").replace(b";", b"\n")
    assert sources_of(raw) == ["a = 1\nb = 2"]
    assert "were accepted" in parse(raw).notes[0]


def test_bytes_after_the_end_that_are_zero_are_ignored() -> None:
    """Some disks pad files with zeros."""
    assert sources_of(data("1") + b"\0" * 512) == ["1"]


def test_format_3_is_upgraded() -> None:
    """Worksheets, `input` and headings of old notebooks survive, the same way each time."""
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["Title"]},
                    {"cell_type": "code", "input": ["a = 1\n", "b"], "outputs": [{"x": 1}]},
                    "nonsense",
                ]
            }
        ],
    }
    raw = json.dumps(old).encode()
    assert [(c["cell_type"], c["source"]) for c in cells_of(raw)] == [
        ("markdown", "## Title"),
        ("code", "a = 1\nb"),
        ("raw", ""),
    ]
    assert parse(raw) == parse(raw)
    assert "format 3 was upgraded to format 4" in parse(raw).notes


@pytest.mark.parametrize("version", [(4, 99), (5, 0), (None, None), ("4", [])])
def test_formats_of_the_future_and_of_nobody_are_read_as_format_4(version: Any) -> None:
    """A list of cells is read whatever the file says about itself; odd majors are noted."""
    raw = data("1", nbformat=version[0], nbformat_minor=version[1])
    assert sources_of(raw) == ["1"]
    assert bool(parse(raw).notes) == (version[0] != 4)


def test_missing_ids_are_made_and_double_ones_told_apart() -> None:
    """The first of two keeps the id; the same file gives the same ids."""
    made = notebook("0", "1", "2", "3", "4")
    for cell, one in zip(made["cells"], ["a", "a", None, "has space", "cell-3"], strict=True):
        cell["id"] = one
    raw = json.dumps(made).encode()
    ids = [cell["id"] for cell in cells_of(raw)]
    assert ids == ["a", "a-2", "cell-3x", "cell-4", "cell-3"]
    assert parse(raw).notes == (
        "cell 2: id a twice, the first keeps it",
        "cells 3, 4: no id",
    )


def test_colabs_ids_are_found_in_the_metadata() -> None:
    """Colab drops the id of a cell and keeps one in its metadata."""
    made = notebook("1")
    del made["cells"][0]["id"]
    made["cells"][0]["metadata"]["id"] = "conv1d"
    assert cells_of(json.dumps(made).encode())[0]["id"] == "conv1d"


def test_cells_of_the_wrong_shape_cost_only_themselves() -> None:
    """Numbers, types nobody knows and sources that are no text leave the others alone."""
    made = notebook("1", 5, ["a", 3], "4")
    made["cells"].insert(1, 17)
    made["cells"][4]["cell_type"] = ["code"]
    raw = json.dumps(made).encode()
    assert [(c["cell_type"], c["source"]) for c in cells_of(raw)] == [
        ("code", "1"),
        ("code", ""),
        ("code", ""),
        ("raw", "4"),
    ]
    assert parse(raw).notes == (
        "cell 2: not a cell, left out",
        "cells 3, 4: no text in it, read as empty",
        "cell 5: of no known type, read as raw text",
    )


def test_large_outputs_are_thrown_away() -> None:
    """A notebook with 60 MB of pictures is graded like any other."""
    made = notebook("a = 1")
    made["cells"][0]["outputs"] = [{"data": {"image/png": "A" * (60 << 20)}}]
    assert len(parse(json.dumps(made).encode()).notebook) < 100


def test_ten_thousand_cells_are_read_and_more_are_refused() -> None:
    """The limit is a sentence, and one note stands for all repairs of a kind."""
    made = notebook(*["x"] * cells.MAX_CELLS)
    for cell in made["cells"]:
        del cell["id"]
    read_back = parse(json.dumps(made).encode())
    assert read_back.notes == ("cells 1, 2, 3, 4, 5 and 9995 more: no id",)
    assert "at most 10000 are read" in reason(data(*["x"] * (cells.MAX_CELLS + 1)))


def test_too_much_text_and_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both limits protect our memory; strings full of commas are one value each."""
    monkeypatch.setattr(cells, "MAX_SOURCE", 10)
    monkeypatch.setattr(submission, "MAX_VALUES", 40)
    assert "at most 10 are read" in reason(data("x" * 11))
    assert sources_of(data("1", junk="[{," * 1000 + '\\"')) == ["1"]
    assert "more than 40 values" in reason(data("1", junk=[0] * 60))


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")))
def test_any_bytes_give_a_notebook_or_a_sentence(raw: bytes) -> None:
    """Nothing handed in raises anything but our own error."""
    try:
        parse(raw)
    except SubmissionError:
        assert reason(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
CELL = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON | st.sampled_from(["a", "b", "a-2", "cell-1"]),
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading", "html", 3]),
        "source": JSON | st.lists(st.text(max_size=5)),
        "input": JSON,
        "metadata": JSON,
        "level": JSON,
    },
)
NOTEBOOK = st.fixed_dictionaries(
    {},
    optional={
        "cells": st.lists(CELL | JSON, max_size=6),
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELL | JSON)}) | JSON),
        "nbformat": JSON,
    },
)


@settings(deadline=None)  # the machine may be busy
@given(NOTEBOOK)
def test_any_json_gives_clean_cells_or_a_sentence(made: dict[str, Any]) -> None:
    """Ids are valid and differ, types are known, texts can be encoded, and runs agree."""
    raw = json.dumps(made).encode()
    try:
        kept = cells_of(raw)
    except SubmissionError:
        return
    assert parse(raw) == parse(raw)
    ids = [cell["id"] for cell in kept]
    assert len(set(ids)) == len(ids)
    assert all(cells.ID.fullmatch(one) for one in ids)
    for cell in kept:
        assert set(cell) == {"id", "cell_type", "source"}
        assert cell["cell_type"] in cells.TYPES
        assert "\0" not in cell["source"].encode().decode()
