"""The tag of an attack, and where it turned up on this machine: in processes and in files.

A tag is a word of random digits. An attack is told to put it on all that it leaves
behind, so that a process or file with the tag is an effect of that attack, and nothing
that other programs do meanwhile is.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil

MAX_ENTRIES = 400_000  # that are looked at below one folder
MAX_BYTES = 4 << 20  # of a file that is searched for a tag; larger files are not


def tag_of(run: str, number: int) -> str:
    """Return the tag of one attack; `run` is eight random hexadecimal digits.

    Attacks know it as `MARK`. Two campaigns on one machine differ in `run`, so neither
    reports what the other's attacks left.
    """
    return f"gradekit-mark-{run}{number:04x}"


def tags_in(run: str, text: str | bytes) -> Iterator[str]:
    """Yield every tag of a campaign that occurs in a text."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    for tag in re.findall(rb"gradekit-mark-%b[0-9a-f]{4}" % run.encode(), data):
        yield tag.decode()


def tagged_processes(tag: str) -> Iterator[tuple[psutil.Process, str]]:
    """Yield the processes whose command line or environment has a tag that begins like this."""
    pattern = re.compile(rf"{tag}[0-9a-f]*".encode())
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        for name in ("cmdline", "environ"):
            # The bytes of /proc, not psutil's texts: an attack may put anything there.
            with contextlib.suppress(OSError):
                data = Path(f"/proc/{process.pid}/{name}").read_bytes()
                if match := pattern.search(data):
                    yield process, match[0].decode()
                    break


def tagged_files(folder: Path, depth: int, run: str, since: float) -> Iterator[tuple[Path, str]]:
    """Yield what has a tag in its name, or changed since then and has a tag in its content."""
    for entry in _entries(folder, depth):
        tag = next(tags_in(run, entry.name), None) or _tag_in_content(entry, run, since)
        if tag:
            yield Path(entry.path), tag


def _entries(folder: Path, depth: int) -> Iterator[os.DirEntry[str]]:
    """Walk through a folder on one disk, never through a link, and not without end.

    An attack may have left a link to `/` or a million files.
    """
    waiting = [(str(folder), 0)]
    disk = folder.stat().st_dev if folder.is_dir() else None
    count = 0
    while waiting and count < MAX_ENTRIES:
        path, level = waiting.pop()
        with contextlib.suppress(OSError), os.scandir(path) as entries:
            for entry in entries:
                count += 1
                yield entry
                inner = level < depth and entry.is_dir(follow_symlinks=False)
                if inner and entry.stat(follow_symlinks=False).st_dev == disk:
                    waiting.append((entry.path, level + 1))


def _tag_in_content(entry: os.DirEntry[str], run: str, since: float) -> str | None:
    """Return the tag in a small regular file that changed since then.

    The status change decides, because any program may set the time of modification.
    """
    with contextlib.suppress(OSError):
        status = entry.stat(follow_symlinks=False)
        changed = stat.S_ISREG(status.st_mode) and status.st_ctime >= since
        if changed and status.st_size <= MAX_BYTES:
            # Since that look it may have become a link, or a pipe that nobody writes to.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            with os.fdopen(os.open(entry.path, flags), "rb") as file:
                return next(tags_in(run, file.read(MAX_BYTES)), None)
    return None
