"""The one notebook inside a zip or tar file, read in memory and nowhere else.

Students hand in archives: the learning platform asked for one, or the program
that packed them hid the suffix. An archive is a stranger's instruction to write
files, so none of it is obeyed. Nothing is unpacked to the disk, no link in it is
followed, no path in it becomes a path of ours; exactly one member is read, and
its name is only ever printed. What lies in an archive inside is not looked for.

Sizes that an archive states about itself are hints. Every stream is read up to
a limit and not further, so a bomb costs as much as the largest honest file, and
the members are counted before anything is made of them.
"""

from __future__ import annotations

import gzip
import io
import re
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import printable
from gradekit.core.text import listed
from gradekit.submission import zip_members
from gradekit.submission.find import MAX_BYTES, MAX_ENTRIES, left_behind

BLOCK = 512  # bytes; a tar file is a row of them
MAX_NAME = 4096  # bytes of one member's name
MAX_SHOWN = 120  # characters of it that a note repeats
REMEDY = "Hand in the notebook (.ipynb) itself."
DAMAGED = (*zip_members.DAMAGED, tarfile.TarError, struct.error)  # OSError: also BadGzipFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The notebook that an archive holds: its name, fit to print, its bytes, and notes."""

    kind: str
    name: str
    data: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in an archive; `skipped` is why it may not be read, empty where it may."""

    name: str
    skipped: str
    read: Callable[[], bytes]


def kind(data: bytes) -> str:
    """Return what archive these bytes begin, whatever the file is called, or nothing."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(b"\x1f\x8b"):
        return "gzip"
    return "tar" if data[257:262] == b"ustar" else ""


def notebook_inside(data: bytes) -> Inside | None:
    """Return the one notebook in an archive, None where `data` is no archive.

    Raises
    ------
    SubmissionError
        If the archive is damaged, encrypted or beyond the limits, or does not
        hold exactly one notebook that may be read. The sentence lacks the file.
    """
    if not (packing := kind(data)):
        return None
    try:
        return _opened(data, packing)
    except DAMAGED as error:
        raise SubmissionError(
            f"the {packing} archive is damaged. Pack it again, or hand in the notebook (.ipynb)."
        ) from error


def _opened(data: bytes, packing: str) -> Inside:
    if packing == "zip":
        return _chosen(list(_in_zip(data)), "zip")
    content = _gunzipped(data) if packing == "gzip" else data
    if packing == "gzip" and kind(content) != "tar":
        return Inside(kind=packing, name="the file it packs", data=content)
    return _chosen(list(_in_tar(content)), "tar")


def _chosen(members: list[Member], packing: str) -> Inside:
    """Return the only notebook among the members, or say why there is not one."""
    files = [member for member in members if not left_behind(zip_members.path_parts(member.name))]
    notebooks = [member for member in files if member.name.lower().endswith(".ipynb")]
    skipped = [
        f"{printable(member.name)[:60]} was passed over: {member.skipped}"
        for member in files
        if member.skipped
    ]
    usable = [member for member in notebooks if not member.skipped]
    if len(usable) == 1:
        notes = (
            *skipped[:3],
            *([f"{len(skipped) - 3} more were passed over"] if skipped[3:] else []),
        )
        return Inside(
            kind=packing,
            name=printable(usable[0].name)[:MAX_SHOWN],
            data=usable[0].read(),
            notes=notes,
        )
    if usable:
        raise SubmissionError(
            f"the {packing} archive holds {_names_of(usable)}: which one counts? "
            "Hand in one notebook (.ipynb)."
        )
    if skipped:
        raise SubmissionError(
            f"the {packing} archive holds no notebook that may be read; {skipped[0]}. {REMEDY}"
        )
    holds = f"only {_names_of(files)}" if files else "and no other file"
    raise SubmissionError(f"the {packing} archive holds no notebook, {holds}. {REMEDY}")


def _names_of(members: list[Member]) -> str:
    return listed([printable(member.name)[:60] for member in members], 3)


def _in_zip(data: bytes) -> Iterator[Member]:
    """Yield the files of a zip, which are counted before anything is made of them."""
    if zip_members.has_more_members(data, MAX_ENTRIES):
        raise SubmissionError(_too_many())
    archive = zipfile.ZipFile(io.BytesIO(data))
    for entry in zip_members.files_in(archive):
        yield Member(
            name=entry.filename,
            skipped=zip_members.leads_out(entry.filename) or zip_members.not_a_file(entry),
            read=partial(_from_zip, archive, entry),
        )


def _from_zip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if reason := zip_members.cannot_unpack(entry):
        raise SubmissionError(f"the zip archive is {reason}. {REMEDY}")
    return _within_limit(zip_members.unpacked(archive, entry, MAX_BYTES + 1))


def _gunzipped(data: bytes) -> bytes:
    # A gzip file may be many in a row, and each of them takes time.
    if data.count(b"\x1f\x8b\x08") > MAX_ENTRIES:
        raise SubmissionError(_too_many())
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        return _within_limit(stream.read(MAX_BYTES + 1))


def _in_tar(data: bytes) -> Iterator[Member]:
    """Yield what a tar file holds. `tarfile` reads one header; the walk is ours, so it ends."""
    offset, long_name, members = 0, "", 0
    while any(header := data[offset : offset + BLOCK]):
        entry, members = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape"), members + 1
        start, end = offset + BLOCK, offset + BLOCK + entry.size
        if members > MAX_ENTRIES:
            raise SubmissionError(_too_many())
        if entry.size < 0 or end > len(data):
            raise EOFError
        # The next header begins at the next whole block.
        offset = end + -end % BLOCK
        if entry.type in (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE):
            long_name = _long_name(entry.type, data[start : min(end, start + MAX_NAME)])
        elif entry.type not in (tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE, tarfile.DIRTYPE):
            yield _tar_member(entry, long_name or entry.name, data, start)
            long_name = ""
        else:
            long_name = "" if entry.type == tarfile.DIRTYPE else long_name


def _long_name(kind_of_header: bytes, body: bytes) -> str:
    """Return the name that a GNU or pax header gives to the member behind it."""
    if kind_of_header == tarfile.XHDTYPE:
        path = re.search(rb"(?:^|\n)\d+ path=([^\n]*)\n", body)
        body = path[1] if path else b""
    return body.split(b"\0")[0].decode("utf-8", "surrogateescape")


def _tar_member(entry: tarfile.TarInfo, name: str, data: bytes, start: int) -> Member:
    skipped = zip_members.leads_out(name)
    if entry.issym() or entry.islnk():
        skipped = skipped or zip_members.IS_A_LINK
    elif entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE):
        skipped = skipped or zip_members.NOT_A_FILE
    return Member(name=name, skipped=skipped, read=lambda: data[start : start + entry.size])


def _within_limit(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise SubmissionError(f"the archive unpacks to more than {MAX_BYTES >> 20} MiB. {REMEDY}")
    return data


def _too_many() -> str:
    return f"the archive holds more than {MAX_ENTRIES} files. {REMEDY}"
