"""Any message of a kernel, and any notebook handed in, is understood or refused by us.

Noise is refused early, so most examples are real messages, notebooks and archives that
were damaged in a few places.
"""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as st
from noise import JSON, always_the_same, damaged

from gradekit.core.bundle import Bundle
from gradekit.core.errors import SubmissionError
from gradekit.submission import parse, repair
from gradekit.submission.find import HandIn
from gradekit.worker.kernel import messages
from gradekit.worker.kernel.answering import Ended
from gradekit.worker.matching import plan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wire() -> Iterator[Callable[[list[bytes]], Any]]:
    """Send frames to a kernel's reader over a real socket, and return what it makes of them."""
    context = zmq.Context()
    theirs, ours = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    theirs.bind("inproc://wire")
    ours.connect("inproc://wire")

    def received(frames: list[bytes]) -> Any:
        theirs.send_multipart(frames or [b""])
        assert ours.poll(10_000)
        return messages.received(ours)

    yield received
    context.destroy(linger=0)


def assert_message_or_nothing(message: Any) -> None:
    """Whatever came is nothing, or a dictionary that can be asked what it answers."""
    if message is None:
        return
    assert all(type(message[part]) is dict for part in ("header", "parent_header", "content"))
    assert type(message["size"]) is int
    assert not messages.answers_probe(message, "another conversation", 1)
    assert not messages.replies_to(message, "another request", "execute_reply")
    assert isinstance(messages.how_it_ended(message), Ended)


@given(st.lists(st.binary(max_size=60) | st.just(b"<IDS|MSG>"), max_size=9))
@always_the_same
def test_any_frames_give_a_message_or_nothing(
    wire: Callable[[list[bytes]], Any], frames: list[bytes]
) -> None:
    """Noise with and without the mark at which Jupyter begins to read."""
    assert_message_or_nothing(wire(frames))


DATES = st.sampled_from(["2026-11-24T00:00:00Z", "9999-99-99T99:99:99", "0001-01-01T00:00:00+23:59",
                         "2026-11-24T00:00:00" + "9" * 500, "\ud800"])  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(["msg_id", "msg_type", "date", "version", "comm_id", "data", "status", "ename"])
    | st.text(max_size=4),
    JSON | DATES,
    max_size=5,
)


@given(st.data())
@always_the_same
def test_a_damaged_message_is_a_message_or_nothing(
    wire: Callable[[list[bytes]], Any], data: st.DataObject
) -> None:
    """Every part made of any fields, and damaged; the signature is the student's to make."""
    parts = [data.draw(FIELDS) for _ in range(4)]  # header, parent, metadata, content
    frames = [b"<IDS|MSG>", b"", *(json.dumps(part).encode() for part in parts)]
    sent = [data.draw(damaged(st.just(frame))) for frame in frames]
    assert_message_or_nothing(
        wire([*sent, *data.draw(st.lists(st.binary(max_size=9), max_size=3))])
    )


NAME = HandIn(id="bo", file="bo.ipynb", root=Path("/"), parts=("bo.ipynb",))
REAL = json.loads((ROOT / "student" / "cnn_mnist.ipynb").read_text("utf-8"))
FEW = {**REAL, "cells": REAL["cells"][24:40]}
TEXTS = [json.dumps(FEW, indent=1), json.dumps(FEW, ensure_ascii=False)]
ENCODED = st.builds(
    str.encode, st.sampled_from(TEXTS), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.just("replace"),
)  # fmt: skip


def parsed(raw: bytes) -> parse.Submission | str:
    """Return the notebook, or the sentence that refuses it."""
    try:
        return parse.parse_submission(raw, NAME)
    except SubmissionError as error:
        return str(error)


def assert_clean_or_refused(raw: bytes) -> None:
    """Read hostile bytes: cells fit for a worker, or a sentence that names the file."""
    found = parsed(raw)
    if type(found) is str:
        assert found.startswith("bo.ipynb")
        assert found.endswith(".")
        return
    kept = found.cells
    ids = [cell["id"] for cell in kept]
    assert kept
    assert len(set(ids)) == len(ids)
    assert all(repair.ID.fullmatch(one) for one in ids)
    assert all(cell["cell_type"] in repair.TYPES for cell in kept)
    assert not any("\0" in cell["source"] for cell in kept)
    assert all("\n" not in note for note in found.notes)


@given(damaged(ENCODED))
@always_the_same
def test_a_damaged_notebook_is_clean_or_refused(raw: bytes) -> None:
    """Real cells, some bytes of them overwritten, cut out or stuffed, in several encodings."""
    assert_clean_or_refused(raw)


def packed(method: int) -> bytes:
    """Return a notebook in a zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("work/bo.ipynb", TEXTS[0])
    return file.getvalue()


@given(damaged(st.sampled_from([packed(zipfile.ZIP_STORED), packed(zipfile.ZIP_DEFLATED)])))
@always_the_same
def test_a_damaged_archive_is_clean_or_refused(raw: bytes) -> None:
    """Directories, sizes and checksums lie, and streams break off."""
    assert_clean_or_refused(raw)


@st.composite
def grafted(draw: st.DrawFn) -> Any:
    """A real notebook in which some values, at any depth, are any JSON."""
    notebook = json.loads(TEXTS[0])
    for _ in range(draw(st.integers(1, 5))):
        place = notebook
        while inside := list(place) if type(place) is dict else list(range(len(place))):
            key = draw(st.sampled_from(inside))
            if (
                type(place[key]) not in (dict, list)
                or not place[key]
                or draw(st.integers(0, 3)) == 0
            ):
                place[key] = draw(JSON)
                break
            place = place[key]
    return notebook


@given(grafted() | JSON | st.builds(lambda sheets: {"worksheets": sheets}, st.lists(JSON)))
@always_the_same
def test_any_json_is_clean_or_refused(value: Any) -> None:
    """A value of the wrong type may stand anywhere, in notebooks of formats 3 and 4."""
    assert_clean_or_refused(json.dumps(value).encode())


def test_a_notebook_costs_no_more_memory_than_its_size_allows() -> None:
    """Tiny values are the most expensive ones; nothing keeps what will not be used."""
    raw = b'{"cells": [' + b"[]," * ((1 << 18) // 3) + b"0]}"
    tracemalloc.start()
    assert_clean_or_refused(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 80 * len(raw)


BUNDLE = Bundle.load(ROOT / "autograder")
SOURCES = (
    st.sampled_from(["".join(cell["source"]) for cell in REAL["cells"]])
    | st.sampled_from(["class CNN: 1", "opt = x = 1", "def FC(:", "%magic\n!ls"])
    | st.sampled_from(["(" * 3000, "-" * 9000, "f(" * 90 + ")" * 90, "1" + "+1" * 9000])
    | st.text(max_size=30)
)  # fmt: skip
CELLS = st.fixed_dictionaries(
    {
        "id": st.sampled_from(BUNDLE.cells) | st.uuids().map(str),
        "cell_type": st.sampled_from(["code", "code", "markdown", "raw"]),
        "source": SOURCES,
    }
)


@given(st.lists(CELLS, max_size=25, unique_by=lambda cell: cell["id"]))
@always_the_same
def test_every_question_has_one_place_in_any_notebook(found: list[dict[str, str]]) -> None:
    """Before the first cell where there is none, else after one that exists."""
    after = plan(BUNDLE, found).after
    graded = [question.name for questions in after.values() for question in questions]
    assert sorted(graded) == sorted(q.name for q in BUNDLE.questions if q.checks)
    assert all(-1 <= place < len(found) for place in after)
