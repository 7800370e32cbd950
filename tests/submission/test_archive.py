"""An archive gives its one notebook or a sentence, in memory and within bounds."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faults.archives import tarred, zipped
from gradekit.core.errors import SubmissionError
from gradekit.submission import archive, zip_members
from gradekit.submission.archive import Inside, notebook_inside

WORK = b'{"cells": []}'


def opened(data: bytes) -> Inside:
    inside = notebook_inside(data)
    assert inside is not None
    return inside


def reason(data: bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        notebook_inside(data)
    assert str(caught.value).endswith(".")
    return str(caught.value)


def zip_of_entries(*names: str) -> bytes:
    """Return a zip that may hold a name twice."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name in names:
            if name in made.namelist():
                made.filelist.append(made.filelist[0])
            else:
                made.writestr(name, WORK)
    return packed.getvalue()


def pax(name: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as made:
        entry = tarfile.TarInfo(name)
        entry.size = len(WORK)
        made.addfile(entry, io.BytesIO(WORK))
    return packed.getvalue()


@pytest.mark.parametrize("data", [b"", b"{}", WORK, b"%PDF", b"\0" * 1000, "{}".encode("utf-16")])
def test_what_is_no_archive_is_left_alone(data: bytes) -> None:
    """Bytes decide; other kinds of file are somebody else's to name."""
    assert notebook_inside(data) is None


@pytest.mark.parametrize(
    "data",
    [
        zipped({"x.ipynb": WORK}),
        zipped({"x.ipynb": WORK}, method=zipfile.ZIP_STORED),
        tarred({"x.ipynb": WORK}),
        pax("x.ipynb"),
        gzip.compress(tarred({"x.ipynb": WORK})),
    ],
    ids=["deflated", "stored", "tar", "pax", "tar.gz"],
)
def test_the_one_notebook_is_read(data: bytes) -> None:
    """Every way of packing in use gives the same bytes and the same name."""
    inside = opened(data)
    assert (inside.name, inside.data, inside.notes) == ("x.ipynb", WORK, ())


def test_what_programs_leave_behind_does_not_count() -> None:
    """Checkpoints, hidden files and those of macOS are no second notebook."""
    names = ("__MACOSX/._x.ipynb", "a/.ipynb_checkpoints/x-checkpoint.ipynb", ".~x.ipynb")
    assert opened(zipped({**dict.fromkeys(names, b""), "a/X.IPYNB": WORK})).name == "a/X.IPYNB"


@pytest.mark.parametrize("name", ["../x.ipynb", "a/../../x.ipynb", "/x.ipynb", "C:\\x.ipynb"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_path_that_leads_out_is_passed_over(name: str, pack: object) -> None:
    """It would only be printed, but what would be unpacked elsewhere was not meant for here."""
    assert callable(pack)
    assert "its path leads out of the archive" in reason(pack({name: WORK}))
    both = opened(pack({name: b"", "y.ipynb": WORK}))
    assert both.data == WORK
    assert "was passed over: its path leads out" in both.notes[0]


def test_names_are_fit_to_print_and_short() -> None:
    """A name in an archive may hold escapes and thousands of letters."""
    assert opened(zipped({"\x1b[2J.ipynb": WORK})).name == "\\x1b[2J.ipynb"
    assert len(opened(pax("x" * 3000 + ".ipynb")).name) <= 120
    assert len(reason(zipped({f"{n}{'y' * 500}": b"" for n in range(50)}))) < 500


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, b"S", b"?"])
def test_only_regular_members_are_read(kind: bytes) -> None:
    """Links, pipes, sparse files and types nobody knows are passed over."""
    said = reason(tarred({"x.ipynb": b""}, kind, "/etc/passwd"))
    assert "links are not followed" in said or "not a regular file" in said
    assert "passwd" not in said


def test_the_limit_is_of_what_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte more than the limit is refused, whatever the archive says about it."""
    monkeypatch.setattr(archive, "MAX_BYTES", 10_000)
    for pack in (lambda data: zipped({"x.ipynb": data}), gzip.compress):
        assert opened(pack(b"{" * 10_000)).data == b"{" * 10_000
        assert "unpacks to more than" in reason(pack(b"{" * 10_001))


def test_members_are_counted_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowd of members costs no more than looking at them."""
    monkeypatch.setattr(archive, "MAX_ENTRIES", 5)
    crowd = {f"{n}.txt": b"" for n in range(6)}
    for data in (zipped(dict(crowd)), tarred(crowd), gzip.compress(b"") * 6):
        assert "holds more than 5 files" in reason(data)


@pytest.mark.timeout(60)
def test_bombs_end_within_seconds() -> None:
    """Empty gzip members, nested headers and a bomb in a bomb, as large as a file may be."""
    size = 20 << 20
    bombs = (
        gzip.compress(b"") * (size // 20),
        _headers(tarfile.XHDTYPE, size),
        _headers(tarfile.GNUTYPE_LONGNAME, size),
        gzip.compress(bytes(150 << 20), 1),
        b"PK\x01\x02" * (size // 4),
        b"PK\x03\x04" + b"PK\x01\x02" * (size // 4),
    )
    begin = time.monotonic()
    said = [reason(data) for data in bombs if archive.kind(data)]
    assert len(said) == 5
    assert time.monotonic() - begin < 20


def _headers(kind: bytes, size: int) -> bytes:
    """Return as many tar headers as fit, each of which announces another member."""
    entry = tarfile.TarInfo("x")
    entry.type = kind
    return entry.tobuf() * (size // 512)


def test_a_size_below_zero_does_not_turn_back() -> None:
    """A header that sends the reader backwards would be read for ever."""
    header = bytearray(tarfile.TarInfo("x.ipynb").tobuf())
    header[124:136] = b"\xff" * 10 + b"\xfe\x00"  # minus 512
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert "damaged" in reason(bytes(header) * 4)


def test_nothing_touches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file may be made at all, archives are read as ever."""
    monkeypatch.chdir(tmp_path)
    before = _descriptors()
    for data in (zipped({"a/x.ipynb": WORK}), tarred({"a/x.ipynb": WORK})):
        assert opened(data).data == WORK
    assert list(tmp_path.iterdir()) == []
    assert _descriptors() == before


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


SAMPLES = [
    zipped({"x.ipynb": WORK, "a/b.txt": b"abc" * 50}),
    zipped({"x.ipynb": WORK * 40}, method=zipfile.ZIP_STORED),
    zip_of_entries("x.ipynb", "x.ipynb"),
    tarred({"x.ipynb": WORK, "b.txt": b"1"}),
    pax("x" * 200 + ".ipynb"),
    gzip.compress(tarred({"x.ipynb": WORK})),
]


@settings(deadline=None, max_examples=400)  # the machine may be busy
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=6),
    st.integers(0, 400),
)
def test_a_damaged_archive_gives_its_notebook_or_a_sentence(
    sample: bytes, changes: list[tuple[int, bytes]], cut: int
) -> None:
    """Bytes changed and cut anywhere raise nothing but our own error; a zip's text is intact."""
    data = bytearray(sample)
    for place, new in changes:
        at = place % len(data)
        data[at : at + len(new)] = new
    raw = bytes(data[: len(data) - cut])
    try:
        inside = notebook_inside(raw)
    except SubmissionError:
        assert reason(raw)
        return
    if inside is not None and archive.kind(raw) == "zip":
        assert inside.data in (WORK, WORK * 40), "a check sum let changed bytes through"


def test_a_letter_and_a_colon_are_a_title_and_no_drive() -> None:
    """A student may call a file so; no name becomes a path of ours in any case."""
    assert opened(zipped({"B: my answers.ipynb": WORK})).name == "B: my answers.ipynb"


def test_members_are_counted_up_to_the_limit_and_one_more() -> None:
    """Five are not more than five; six are."""
    packed = zipped({f"{number}.ipynb": b"" for number in range(5)})
    assert not zip_members.has_more_members(packed, 5)
    assert zip_members.has_more_members(packed, 4)
