"""The cache of what was graded, in one SQLite file: the only state that grading has.

Marks are a function of what was handed in and of what graded it. Their digests make
a key (`Grader.cache_key`), and every attempt is recorded under it: who began it, when, and
its report. So a class that was stopped, by Ctrl-C, a crash or a power cut, goes on where
it was: an attempt with a report is not repeated, and one without a report is. When a
check, the image, a limit or the seed changes, so does the key. Nothing is
ever deleted; the JSON files and the gradebook are views that can be made again.

The marks that people gave written answers are in a second table.

One gradekit at a time writes to a results folder. The lock is the system's, so it is
gone as soon as its holder is, whatever ended it.
"""

from __future__ import annotations

import contextlib
import errno
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
LOCK = f".{FILE}.lock"
FORMAT = 1
BUSY_SECONDS = 30.0  # how long somebody who looks into the file may block it
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
COLUMNS = ("question", "submission", "sha256", "answer", "points", "comment", "when", "who")
GRADE, WRITTEN = "grade", "written"  # what a results folder may be locked for
IN_USE = {
    GRADE: "another gradekit is grading into this folder. Wait until it is done, ",
    WRITTEN: "another gradekit, `gradekit written`, is open on this folder. End it with Ctrl-C, ",
}


class Journal:
    """The attempts made in one results folder; threads may share it.

    Use it as a context: within, the folder is locked against other gradekits.

    Raises
    ------
    GraderError
        If another gradekit has locked the folder, the file is no journal of this version,
        or the disk refuses. What was written before stays.
    """

    def __init__(self, folder: Path, purpose: str = GRADE) -> None:
        self.path = folder / FILE
        self._purpose = purpose
        self._threads = threading.Lock()
        self._stack = contextlib.ExitStack()
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Journal:
        with contextlib.ExitStack() as stack, self._explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock(stack)
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
            stack.callback(connection.close)
            self._prepare(connection)
            self._connection, self._stack = connection, stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        self._connection = None

    def find(self, key: str) -> Report | None:
        """Return the last report with a score under a key, if there is one."""
        with self._connected() as connection:
            # Without a score it was a failure of the grader, which may be gone by now.
            row = connection.execute(
                "SELECT report FROM attempts WHERE key = ? AND graded ORDER BY number DESC LIMIT 1",
                (key,),
            ).fetchone()
            return Report.from_json(json.loads(row[0])) if row else None

    def begin(self, key: str, submission: str) -> int:
        """Record that an attempt begins, and return its number."""
        with self._connected() as connection, connection:
            row = connection.execute(
                "INSERT INTO attempts (key, submission, process, began) VALUES (?, ?, ?, ?)",
                (key, submission, os.getpid(), time.time()),
            )
            return int(row.lastrowid or 0)

    def end(self, number: int, report: Report) -> None:
        """Record the report of an attempt."""
        text = json.dumps(report.to_json(), ensure_ascii=False)
        with self._connected() as connection, connection:
            connection.execute(
                "UPDATE attempts SET ended = ?, graded = ?, report = ? WHERE number = ?",
                (time.time(), report.reason is None, text, number),
            )

    def attempts(self, key: str) -> int:
        """Return how many attempts were begun under a key."""
        with self._connected() as connection:
            [count] = connection.execute(
                "SELECT count(*) FROM attempts WHERE key = ?", (key,)
            ).fetchone()
            return int(count)

    def add_human_marks(self, marks: Iterable[HumanMark]) -> None:
        """Add marks that a person gave written answers: all of them or, if this fails, none."""
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        rows = [tuple(getattr(mark, name) for name in COLUMNS) for mark in marks]
        with self._connected() as connection, connection:
            values = ", ".join("?" * len(COLUMNS))
            connection.executemany(f"INSERT INTO written ({columns}) VALUES ({values})", rows)  # noqa: S608 - our own names

    def human_marks(self) -> list[HumanMark]:
        """Return the last mark of each written answer that was ever marked."""
        with self._connected() as connection:
            # Marks are only ever added, so that who changed what can be looked up later.
            rows = connection.execute(
                'SELECT question, submission, sha256, answer, points, comment, "when", who '
                "FROM written WHERE number IN "
                "(SELECT max(number) FROM written GROUP BY question, submission)"
            ).fetchall()
            return [HumanMark(**dict(zip(COLUMNS, row, strict=True))) for row in rows]

    def _lock(self, stack: contextlib.ExitStack) -> None:
        # A file of its own: SQLite locks the journal itself for moments, and a folder that is
        # only looked into must not be locked. "a+" keeps the words of whoever holds it.
        lock = stack.enter_context(self.path.with_name(LOCK).open("a+"))
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

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # A kill at any moment leaves a whole file, and readers do not wait for the writer.
        connection.execute("PRAGMA journal_mode = WAL")
        # What was printed or shown as saved is on the disk itself. The difference to OFF shows
        # only after a power cut, so no test of ours can see it: after a kill, the system still
        # writes what it was given.
        connection.execute("PRAGMA synchronous = FULL")
        [version] = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            raise GraderError(
                f"{self.path}: a journal of another gradekit (format {version}, this one writes "
                f"{FORMAT}). Give another folder with --results."
            )
        with connection:
            connection.executescript(SCHEMA)
            connection.execute(f"PRAGMA user_version = {FORMAT}")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Give one thread at a time the connection; its errors become sentences."""
        with self._threads, self._explained():
            assert self._connection is not None, "a journal is used as a context"
            yield self._connection

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:  # of the folder and the lock
            raise GraderError(self._not_written(error)) from error
        except sqlite3.OperationalError as error:
            # SQLite has no kinds of errors for these two, only texts.
            number = errno.EACCES if "readonly" in str(error) else None
            raise GraderError(self._not_written(OSError(number, str(error)))) from error
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
            raise GraderError(
                f"{self.path}: not a journal, or damaged ({error}). It also has the marks "
                "that people gave written answers: put a whole copy of it in its place if there "
                "is one. Else copy the results folder, move this file away and run again: the "
                "class is graded anew, and marks that are in the reports are taken from them."
            ) from error

    def _not_written(self, error: OSError) -> str:
        """Return a sentence about the file or folder of an error, and what to do."""
        path = Path(error.filename) if isinstance(error.filename, str) else self.path
        if path.name == LOCK:  # a hidden file; what has to be mended is the folder around it
            path = path.parent
        sentence = not_written(path, error).removesuffix(".")
        return f"{sentence} with --results; results so far are kept."
