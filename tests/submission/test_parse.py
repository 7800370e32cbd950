"""What strangers hand in becomes a clean notebook, or a sentence with the remedy."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradekit.core.errors import SubmissionError
from gradekit.submission import parse as parsing
from gradekit.submission import repair
from gradekit.submission.find import HandIn

ROOT = Path("/")


def notebook(*sources: Any, **extra: Any) -> dict[str, Any]:
    made = [
        {"id": f"c{n}", "cell_type": "code", "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}


def data(*sources: Any, **extra: Any) -> bytes:
    return json.dumps(notebook(*sources, **extra)).encode()


def parse(raw: bytes) -> parsing.Submission:
    return parsing.parse_submission(
        raw, HandIn(id="bo", file="bo.ipynb", root=ROOT, parts=("bo.ipynb",))
    )


def cells_of(raw: bytes) -> list[dict[str, str]]:
    return list(parse(raw).cells)


def sources_of(raw: bytes) -> list[str]:
    return [cell["source"] for cell in cells_of(raw)]


def reason(raw: bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        parse(raw)
    assert str(caught.value).startswith("bo.ipynb: ")
    assert str(caught.value).endswith(".")
    return str(caught.value)


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
        (b"PK\x03\x04....", "zip archive is damaged"),
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
    assert len(json.dumps(parse(json.dumps(made).encode()).cells)) < 100


def test_ten_thousand_cells_are_read_and_more_are_refused() -> None:
    """The limit is a sentence, and one note stands for all repairs of a kind."""
    made = notebook(*["x"] * repair.MAX_CELLS)
    for cell in made["cells"]:
        del cell["id"]
    read_back = parse(json.dumps(made).encode())
    assert read_back.notes == ("cells 1, 2, 3, 4, 5 and 9995 more: no id",)
    assert "at most 10000 are read" in reason(data(*["x"] * (repair.MAX_CELLS + 1)))


def test_too_much_text_and_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both limits protect our memory; strings full of commas are one value each."""
    monkeypatch.setattr(repair, "MAX_SOURCE", 10)
    monkeypatch.setattr(parsing, "MAX_VALUES", 40)
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
    assert all(repair.ID.fullmatch(one) for one in ids)
    for cell in kept:
        assert set(cell) == {"id", "cell_type", "source"}
        assert cell["cell_type"] in repair.TYPES
        assert "\0" not in cell["source"].encode().decode()


def test_notes_on_an_archive_depend_on_its_bytes_alone() -> None:
    """The same bytes in another student's name must not show whose they were first."""
    packed = gzip.compress(data("1"))
    handins = [HandIn(id=one, file=f"{one}.gz", root=ROOT, parts=()) for one in ("bo", "chen")]
    notes = [parsing.parse_submission(packed, one).notes for one in handins]
    assert notes[0] == notes[1] == ("read from the gzip archive handed in: the file it packs",)


def test_what_is_wrong_in_an_archive_is_said_of_the_member() -> None:
    """The reason names the file handed in, and what in it."""
    assert "bo.ipynb: the file it packs: the file is empty." in reason(gzip.compress(b""))
