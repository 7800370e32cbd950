"""What was graded, remembered in one SQLite file: the only state that grading has.

A grade is a function of what was handed in and of what graded it. Their digests make
a key, and under that key stands every attempt: who began it, when, and the report it
came to. So a class that was stopped, by Ctrl-C, a crash or a power cut, goes on where
it was: what is under its key is not graded again, and what was begun and has no report
is. When a check, the image, a limit or the seed changes, so does the key. Nothing is
ever deleted; the JSON files and the gradebook are views that can be made again.

What people gave written answers stands beside, under question and submission.

One gradekit at a time writes to a results folder. The lock is the system's, so it is
gone as soon as its holder is, whatever ended it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from gradekit.core.errors import GraderError
from gradekit.core.files import not_written
from gradekit.core.marks import HumanMark, Report

FILE = "journal.sqlite3"
FORMAT = 1
BUSY_SECONDS = 30.0  # what somebody who only reads may take
SCHEMA = """
CREATE TABLE IF NOT EXISTS attempts (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    submission TEXT NOT NULL,  -- its id, for people who look into this file
    process INTEGER NOT NULL,  -- who began it
    began REAL NOT NULL,       -- seconds since 1970
    ended REAL,                -- NULL: still running, or lost with its process
    graded INTEGER,            -- whether the report has a score
    report TEXT                -- JSON
);
CREATE INDEX IF NOT EXISTS attempts_by_key ON attempts (key);
CREATE TABLE IF NOT EXISTS written (
    number INTEGER PRIMARY KEY,  -- of several rows for one answer the last counts
    question TEXT NOT NULL,
    submission TEXT NOT NULL,
    sha256 TEXT NOT NULL,  -- of the file handed in
    answer TEXT NOT NULL,  -- SHA-256 of the answer's text
    points REAL,           -- NULL: taken back
    comment TEXT NOT NULL,
    "when" REAL NOT NULL,  -- seconds since 1970
    who TEXT NOT NULL
);
"""
READING = ("question", "submission", "sha256", "answer", "points", "comment", "when", "who")
GRADE, WRITTEN = "grade", "written"  # who may hold a results folder
IN_USE = {
    GRADE: "another gradekit is grading into this folder. Wait until it is done, ",
    WRITTEN: "another gradekit, `gradekit written`, is open on this folder. End it with Ctrl-C, ",
}


class Journal:
    """The attempts made in one results folder; threads may share it.

    Use it as a context: it is locked against other gradekits within.

    Raises
    ------
    GraderError
        If another gradekit holds the folder, the file is no journal of this version,
        or the disk refuses. What was written before stays.
    """

    def __init__(self, folder: Path, purpose: str = GRADE) -> None:
        self.path = folder / FILE
        self._purpose = purpose
        self._threads = threading.Lock()
        self._stack = contextlib.ExitStack()
        self._base: sqlite3.Connection | None = None

    def __enter__(self) -> Journal:
        with contextlib.ExitStack() as stack, self._explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock(stack)
            base = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
            stack.callback(base.close)
            self._prepare(base)
            self._base, self._stack = base, stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        self._base = None

    def find(self, key: str) -> Report | None:
        """Return the report with a score that stands under a key, if there is one."""
        with self._connected() as base:
            row = base.execute(
                "SELECT report FROM attempts WHERE key = ? AND graded ORDER BY number DESC LIMIT 1",
                (key,),
            ).fetchone()
            return Report.from_json(json.loads(row[0])) if row else None

    def begin(self, key: str, submission: str) -> int:
        """Note that an attempt begins, and return its number."""
        with self._connected() as base, base:
            row = base.execute(
                "INSERT INTO attempts (key, submission, process, began) VALUES (?, ?, ?, ?)",
                (key, submission, os.getpid(), time.time()),
            )
            return int(row.lastrowid or 0)

    def end(self, number: int, report: Report) -> None:
        """Note what an attempt came to."""
        text = json.dumps(report.to_json(), ensure_ascii=False)
        with self._connected() as base, base:
            base.execute(
                "UPDATE attempts SET ended = ?, graded = ?, report = ? WHERE number = ?",
                (time.time(), report.reason is None, text, number),
            )

    def attempts(self, key: str) -> int:
        """Return how often what stands under a key was begun."""
        with self._connected() as base:
            [count] = base.execute("SELECT count(*) FROM attempts WHERE key = ?", (key,)).fetchone()
            return int(count)

    def note(self, readings: Iterable[HumanMark]) -> None:
        """Note what a person gave some written answers: all of it or, if this fails, nothing."""
        columns = ", ".join(f'"{name}"' for name in READING)
        rows = [tuple(getattr(reading, name) for name in READING) for reading in readings]
        with self._connected() as base, base:
            marks = ", ".join("?" * len(READING))
            base.executemany(f"INSERT INTO written ({columns}) VALUES ({marks})", rows)  # noqa: S608 - our own names

    def readings(self) -> list[HumanMark]:
        """Return the last reading of each written answer that was ever read."""
        with self._connected() as base:
            rows = base.execute(
                'SELECT question, submission, sha256, answer, points, comment, "when", who '
                "FROM written WHERE number IN "
                "(SELECT max(number) FROM written GROUP BY question, submission)"
            ).fetchall()
            return [HumanMark(**dict(zip(READING, row, strict=True))) for row in rows]

    def _lock(self, stack: contextlib.ExitStack) -> None:
        lock = stack.enter_context(self.path.with_name(f".{FILE}.lock").open("a+"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = IN_USE.get(lock.read().strip(), IN_USE[GRADE])
            raise GraderError(
                f"{self.path.parent}: {holder}or give another folder with --results."
            ) from None
        with contextlib.suppress(OSError):  # a full disk; whoever comes second is told less
            lock.truncate(0)
            os.write(lock.fileno(), self._purpose.encode())

    def _prepare(self, base: sqlite3.Connection) -> None:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")  # a report that was shown is on the disk
        [version] = base.execute("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            raise GraderError(
                f"{self.path}: a journal of another gradekit (format {version}, this one writes "
                f"{FORMAT}). Give another folder with --results."
            )
        with base:
            base.executescript(SCHEMA)
            base.execute(f"PRAGMA user_version = {FORMAT}")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Give one thread at a time the connection, and say in words what goes wrong with it."""
        with self._threads, self._explained():
            assert self._base is not None, "a journal is used as a context"
            yield self._base

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise GraderError(self._not_written(error)) from error
        except sqlite3.OperationalError as error:
            # SQLite has no kinds of errors for these two, only texts.
            kind = PermissionError if "readonly" in str(error) else OSError
            raise GraderError(self._not_written(kind(None, str(error)))) from error
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
            raise GraderError(
                f"{self.path}: not a journal, or damaged ({error}). Move the file away and run "
                "again; the reports beside it stay, and the class is graded anew."
            ) from error

    def _not_written(self, error: OSError) -> str:
        """Return a sentence about the very file or folder, and what is to be done."""
        path = Path(error.filename) if isinstance(error.filename, str) else self.path
        sentence = not_written(path, error).removesuffix(".")
        return f"{sentence} with --results; results so far are kept."
