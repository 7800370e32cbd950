"""Which members of a zip may be read, whoever packed it and however it was named.

The archive that one student hands in and the download of a whole class follow the same
rules. What a zip says of its members is a stranger's claim: it may name a path, a link,
a size or a packing method, and none of that is obeyed or believed. A member is read as
a stream and up to a limit; no name becomes a path of ours.
"""

from __future__ import annotations

import mmap
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator

LEADS_OUT = "its path leads out of the archive"
IS_A_LINK = "a link, and links are not followed"
NOT_A_FILE = "not a regular file"
PROTECTED = "protected by a password"
ENCRYPTED = 1  # bit of a member's flags
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods have no bound in zipfile
SIGNATURE = b"PK\x01\x02"  # of each member, in the list at the end of the file
# What `zipfile` raises at bytes that somebody chose; its documentation names only the first.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,  # also UnicodeError
    OverflowError,
    NotImplementedError,
    RuntimeError,
    IndexError,
    KeyError,
)


def has_more_members(data: bytes | mmap.mmap, most: int) -> bool:
    """Return whether a zip has more members than `most`, before anything is made of them.

    `zipfile` would make an object of each, however many a few megabytes name. Members of
    archives inside are counted too, where they are stored as they are.
    """
    offset, members = -1, 0
    while members <= most and (offset := data.find(SIGNATURE, offset + 1)) >= 0:
        members += 1
    return members > most


def files_in(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Yield the members that are no folders."""
    for member in archive.infolist():
        if not member.filename.endswith("/"):  # `is_dir` fails on an empty name
            yield member


def path_parts(name: str) -> tuple[str, ...]:
    """Return the names on the way to a member, for comparing only."""
    return tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))


def leads_out(name: str) -> str:
    """Return why a member of this name may not be read, empty if it may.

    A letter and a colon alone are no drive: "B: my answers.ipynb" is a title.
    """
    if ".." in path_parts(name) or re.match(r"[/\\]|[A-Za-z]:[/\\]", name):
        return LEADS_OUT
    return ""


def not_a_file(member: zipfile.ZipInfo) -> str:
    """Return why a member is no file to read, empty if it is one."""
    mode = member.external_attr >> 16  # of Unix; some programs leave it 0
    if stat.S_ISLNK(mode):
        return IS_A_LINK
    return "" if stat.S_IFMT(mode) in (0, stat.S_IFREG) else NOT_A_FILE


def cannot_unpack(member: zipfile.ZipInfo) -> str:
    """Return why a member's bytes cannot be had, empty if they can."""
    if member.flag_bits & ENCRYPTED:
        return PROTECTED
    if member.compress_type not in READABLE:
        return f"packed by a method that is not read (number {member.compress_type})"
    return ""


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """Return the bytes of a member, at most `most`, whatever size it states.

    Raises
    ------
    Exception
        One of `DAMAGED`, if the member or the archive is.
    """
    with archive.open(member) as stream:
        return stream.read(most)
