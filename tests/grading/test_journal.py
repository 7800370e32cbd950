"""The journal remembers every attempt, and survives whatever ends its process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from gradekit.core.errors import GraderError
from gradekit.core.marks import Mark, QuestionMark, Report, Verdict
from gradekit.grading.journal import FILE, Journal

MARK = Mark(name="flips", hidden=True, verdict=Verdict.PASSED, points=2.0, out_of=2.0)
REPORT = Report(
    submission="alice",
    file="alice.ipynb",
    sha256="ab" * 32,
    reason=None,
    out_of=2.0,
    seconds=1.5,
    notes=("cell 3 was stopped after 90 s.",),
    questions=(QuestionMark(name="conv1d", checks=(MARK,)),),
)


def test_a_report_comes_back_as_it_was(tmp_path: Path) -> None:
    """Every field of it, also in another process's time."""
    with Journal(tmp_path) as journal:
        journal.end(journal.begin("k", "alice"), REPORT)
    with Journal(tmp_path) as journal:
        assert journal.find("k") == REPORT
        assert journal.find("another") is None


def test_what_has_no_score_is_not_served(tmp_path: Path) -> None:
    """It is in the file, for people; the next run tries again."""
    with Journal(tmp_path) as journal:
        journal.end(journal.begin("k", "alice"), replace(REPORT, reason="Docker failed.",
                                                         questions=()))  # fmt: skip
        assert journal.find("k") is None
        assert journal.attempts("k") == 1


def test_an_attempt_without_an_end_is_not_served(tmp_path: Path) -> None:
    """Its process was killed; what it would have come to is not known."""
    with Journal(tmp_path) as journal:
        journal.begin("k", "alice")
    with Journal(tmp_path) as journal:
        assert journal.find("k") is None
        assert journal.attempts("k") == 1


def test_the_last_report_counts(tmp_path: Path) -> None:
    """Graded again by --again, it is the new one that is remembered."""
    with Journal(tmp_path) as journal:
        for seconds in (1.0, 2.0):
            journal.end(journal.begin("k", "alice"), replace(REPORT, seconds=seconds))
        found = journal.find("k")
    assert found is not None
    assert found.seconds == 2.0


def test_a_second_gradekit_is_refused(tmp_path: Path) -> None:
    """Two at once would grade everything twice; the sentence says what to do."""
    with (
        Journal(tmp_path),
        pytest.raises(GraderError, match="another gradekit is grading"),
        Journal(tmp_path),
    ):
        pass
    with Journal(tmp_path) as journal:
        assert journal.attempts("k") == 0


def test_a_killed_process_leaves_a_whole_journal_and_no_lock(tmp_path: Path) -> None:
    """Killed in the middle of writing: what it had finished is there, and the next may begin."""
    code = (
        "import sys, pathlib\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from test_journal import REPORT\n"
        "from gradekit.grading.journal import Journal\n"
        "with Journal(pathlib.Path(sys.argv[2])) as journal:\n"
        "    for n in range(100_000):\n"
        "        journal.end(journal.begin(str(n), 'alice'), REPORT)\n"
        "        print(n, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(20):
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
    with Journal(tmp_path) as journal:
        assert all(journal.find(str(n)) == REPORT for n in range(last + 1))


def test_threads_share_a_journal(tmp_path: Path) -> None:
    """A class is graded by several at a time."""
    with Journal(tmp_path) as journal:

        def work(name: str) -> None:
            for n in range(20):
                journal.end(journal.begin(f"{name}{n}", name), REPORT)

        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(journal.find(f"{name}{n}") for name in "abcd" for n in range(20))


def test_another_file_in_its_place_is_told(tmp_path: Path) -> None:
    """Nothing of it is overwritten."""
    (tmp_path / FILE).write_bytes(b"a holiday picture" * 99)
    with pytest.raises(GraderError, match="not a journal, or damaged"), Journal(tmp_path):
        pass
    assert (tmp_path / FILE).read_bytes().startswith(b"a holiday")


def test_a_journal_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    """Its rows may mean something else."""
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("PRAGMA user_version = 7")
    base.close()
    with pytest.raises(GraderError, match="format 7"), Journal(tmp_path):
        pass


def test_a_disk_that_refuses_is_a_sentence(tmp_path: Path) -> None:
    """A results folder that is a file cannot hold a journal."""
    (tmp_path / "file").write_text("")
    with pytest.raises(GraderError, match="--results"), Journal(tmp_path / "file" / "results"):
        pass
