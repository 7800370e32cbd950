"""Changed checks are judged by what was recorded: same marks, and no student's code runs.

A small class is graded once behind bubblewrap. Then its bundle is changed in several
ways, and a sandbox that refuses to grade judges the class anew.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from gradekit.author.build import Built
from gradekit.author.manifest import digests
from gradekit.cli import main
from gradekit.cli.regrade import change_lines
from gradekit.core.bundle import Bundle
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome, Report
from gradekit.grading.grader import Grader
from gradekit.grading.journal import Journal
from gradekit.grading.regrader import Change, Regrader
from gradekit.grading.results import Results
from gradekit.grading.run import grade_handins
from gradekit.sandbox.docker import DockerSandbox
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.prepare import prepare_bundle
from gradekit.submission.find import HandIn, find_hand_ins
from gradekit.submission.parse import read_notebook
from gradekit.worker.kernel.answering import Ended, UnansweredError
from gradekit.worker.recording import FOOTER, MAGIC, MAX_BYTES, Recorder, Recording, UnusableError

pytestmark = pytest.mark.bubblewrap

REPOSITORY = Path(__file__).parents[2]
LIMITS = Limits(cell_seconds=4, call_seconds=4, check_seconds=8, total_seconds=120)
KEY = "winter"
PEAK = "position_of_peak = int(np.argmax(np.convolve(pulse, np.ones(15), 'valid')))"
ANSWERS = {
    "almost": """
def moving_average(x, width):
    return np.convolve(x, np.ones(width) / width, 'valid') + 1e-7 * (width == 5)""",
    "dies": """
def moving_average(x, width):
    if width == 5: __import__('os')._exit(0)
    return np.convolve(x, np.ones(width) / width, 'valid')""",
    "loops": "while True: pass",
    "right": """
def moving_average(x, width):
    return np.convolve(x, np.ones(width) / width, 'valid')""",
    "rounds": """
def moving_average(x, width):
    return np.convolve(x, np.ones(width) / width, 'valid').astype('float32')""",
    "wrong": "def moving_average(x, width): return np.asarray(x)",
}  # fmt: skip


class Refusing(LocalSandbox):
    """Judges recordings, and starts no kernel whatever is asked."""

    def grade(self, job: Job) -> Outcome:
        raise AssertionError("a student's code was about to run")


@dataclass
class Room:
    """A class that was graded once, and the ways to judge it again."""

    folder: Path
    bundle: Path
    handins: list[HandIn]

    def given(self, bundle: Path, sandbox: type[LocalSandbox], journal: Journal) -> dict[str, Any]:
        """Return what makes a grader."""
        ready = prepare_bundle(bundle, self.folder / "cache")
        return {
            "bundle": Bundle.load(bundle), "sandbox": sandbox(ready, "bubblewrap"),
            "limits": LIMITS, "secret": KEY, "journal": journal,
        }  # fmt: skip

    def results(self, name: str = "results") -> Results:
        return Results(self.folder / name, [one.id for one in self.handins])

    def grade(self, bundle: Path, results: Results, sandbox: type[LocalSandbox] = LocalSandbox,
              ids: Sequence[str] = ()) -> dict[str, Report]:  # fmt: skip
        found: dict[str, Report] = {}

        def done(graded: Any) -> None:
            found[graded.report.submission] = graded.report

        wanted = [one for one in self.handins if not ids or one.id in ids]
        with Journal(results.folder) as journal:
            grader = Grader(**self.given(bundle, sandbox, journal))
            grade_handins(wanted, grader, results, jobs=2, done=done)
        return found

    def changes(self, bundle: Path, publish: bool = False, results: Results | None = None,
                ids: Sequence[str] = (), **given: Any) -> dict[str, Change]:  # fmt: skip
        results = results or self.results()
        wanted = [one for one in self.handins if not ids or one.id in ids]
        with Journal(results.folder) as journal:
            regrader = Regrader(**{**self.given(bundle, Refusing, journal), **given})
            found = regrader.changes(wanted, results, jobs=1)
            if publish:
                regrader.publish(found)
        return {change.handin.id: change for change in found}

    def changed(self, name: str, file: str, old: str, new: str, manifest: str = "") -> Path:
        """Return a copy of the bundle with another text in one of its files."""
        folder = self.folder / name
        shutil.copytree(self.bundle, folder)
        path = folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (file, old)
        path.write_text(text.replace(old, new), "utf-8")
        data = json.loads((folder / "manifest.json").read_text("utf-8"))
        if manifest:
            exec(manifest, {"data": data})
        data["files"] = digests(folder)
        (folder / "manifest.json").write_text(json.dumps(data), "utf-8")
        return folder


@pytest.fixture(scope="module")
def room(averages: Built, tmp_path_factory: pytest.TempPathFactory) -> Room:
    folder = tmp_path_factory.mktemp("regrade")
    (folder / "class").mkdir()
    for name, answer in ANSWERS.items():
        notebook = json.loads((averages.solutions / averages.notebook).read_text("utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = {"average": answer, "peak": PEAK}.get(cell["id"], cell["source"])
        (folder / "class" / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")
    made = Room(folder, averages.autograder, find_hand_ins(folder / "class"))
    made.grade(made.bundle, made.results())
    return made


def untimed(report: Report | None) -> Report:
    assert report is not None
    return replace(report, seconds=0.0, timings={})


@pytest.fixture(scope="module")
def looser(room: Room) -> Path:
    """The hidden check takes another tolerance, and is worth two points instead of three."""
    bundle = room.changed(
        "looser", "tests/moving_average.py", "<= 1e-09", "<= 1e-06",
        "data['questions'][0]['checks'][2]['points'] = 2.0\n"
        "data['questions'][0]['out_of'] -= 1\ndata['out_of'] -= 1",
    )  # fmt: skip
    path = bundle / "tests" / "moving_average.py"
    text = path.read_text("utf-8")
    assert text.count("points=3") == 1
    path.write_text(text.replace("points=3", "points=2"), "utf-8")
    data = json.loads((bundle / "manifest.json").read_text("utf-8"))
    (bundle / "manifest.json").write_text(json.dumps({**data, "files": digests(bundle)}), "utf-8")
    return bundle


@pytest.fixture(scope="module")
def found(room: Room, looser: Path) -> dict[str, Change]:
    """What the looser checks would change."""
    return room.changes(looser)


def test_judged_again_by_equal_checks_a_class_gets_equal_reports(room: Room) -> None:
    """Every check is evaluated, because a hidden module has another comment; stops stay stops."""
    same = room.changed("same", "hidden/reference.py", '"""The reference', '"""Our reference')
    found = room.changes(same)
    for name, change in found.items():
        assert change.judged == ("moving_average", "peak"), name
        assert untimed(change.after) == untimed(change.before), name
    verdicts = {
        name: {mark.verdict for question in change.after.questions for mark in question.checks}
        for name, change in found.items()
        if change.after
    }
    assert {"stopped"} < verdicts["loops"] | verdicts["dies"]


def test_changed_checks_give_the_marks_of_a_fresh_grading(
    room: Room, looser: Path, found: dict[str, Change]
) -> None:
    """Whoever the recordings answer for; the others have to be graded."""
    answered = sorted(name for name, change in found.items() if change.after)
    assert answered == ["almost", "dies", "loops", "right", "wrong"]
    fresh = room.grade(looser, room.results("fresh"), ids=["almost", "dies", "wrong"])
    for name, report in fresh.items():
        assert untimed(found[name].after) == untimed(report), name


def test_only_questions_whose_checks_changed_are_judged(found: dict[str, Change]) -> None:
    """The others keep their marks, and cost nothing."""
    assert found["right"].judged == ("moving_average",)


def test_a_check_that_asks_something_new_needs_a_sandbox(found: dict[str, Change]) -> None:
    """What failed early under the old tolerance was never asked the rest."""
    change = found["rounds"]
    assert change.after is None
    assert change.why == "moving_average, random_signals asks something new"


def test_who_moves_and_why_is_said(found: dict[str, Change]) -> None:
    """Up, down, the rest, and whom a sandbox is needed for, in lines that fit."""
    text = list(change_lines(list(found.values()), 1.0))
    assert "points to earn: 10 -> 9" in text
    up = text[text.index("up, 1:") + 1]
    assert up == "  almost  7 / 10 -> 9 / 9  moving_average (random signals)"
    assert "a sandbox is needed, 1:" in text
    assert max(map(len, text)) <= 80


def test_what_was_published_is_not_graded_again(room: Room, looser: Path, tmp_path: Path) -> None:
    """A later `grade` with the new bundle finds it, and makes the same reports."""
    shutil.copytree(room.results().folder, tmp_path / "results")
    results = Results(tmp_path / "results", [one.id for one in room.handins])
    found = room.changes(looser, publish=True, results=results)
    answered = [name for name, change in found.items() if change.after]
    graded = room.grade(looser, results, sandbox=Refusing, ids=answered)
    assert graded == {name: found[name].after for name in answered}


NEEDS: dict[str, Callable[[Room], dict[str, Change]]] = {
    "gradekit, the sandbox, a package, a limit": lambda room: room.changes(
        room.bundle, secret="x", limits=replace(LIMITS, processes=64)
    ),
    "another --seed": lambda room: room.changes(room.bundle, secret="summer"),
    "a file for students has changed": lambda room: room.changes(
        room.changed("files", "files/helpers.py", "scale=0.2", "scale=0.3")
    ),
    "is new, or stands in another place": lambda room: room.changes(
        room.changed("new", "tests/peak.py", "test_the_position_is_right", "test_the_best")
    ),
    "question best is new": lambda room: room.changes(renamed(room)),
    "looked for elsewhere": lambda room: room.changes(
        room.changed("moved", "tests/peak.py", "points = None", "points =  None",
                     "data['questions'][1]['cells'] = ['closing']")
    ),
}  # fmt: skip


def renamed(room: Room) -> Path:
    """Return the bundle with a question under another name."""
    bundle = room.changed(
        "renamed", "tests/peak.py", 'name = "peak"', 'name = "best"',
        "data['questions'][1]['name'] = 'best'",
    )  # fmt: skip
    (bundle / "tests" / "peak.py").rename(bundle / "tests" / "best.py")
    data = json.loads((bundle / "manifest.json").read_text("utf-8"))
    (bundle / "manifest.json").write_text(json.dumps({**data, "files": digests(bundle)}), "utf-8")
    return bundle


@pytest.mark.parametrize("reason", NEEDS)
def test_what_no_recording_can_answer_for_is_told(room: Room, reason: str) -> None:
    """The marks of a recording count under the conditions it was made in, and no other."""
    change = NEEDS[reason](room)["right"]
    assert change.after is None
    assert reason in change.why


@pytest.mark.docker
def test_a_recording_from_docker_is_judged_in_its_own_image(
    room: Room, looser: Path, tmp_path: Path
) -> None:
    """It comes out of the container, goes into one with the changed checks, and answers."""
    new = str(tmp_path / "new")
    for bundle in (room.bundle, looser):
        ready = prepare_bundle(bundle, tmp_path)
        shutil.copy(REPOSITORY / "autograder" / "requirements.txt", ready)  # one image for all
        sandbox = DockerSandbox(ready)
        if bundle is room.bundle:
            handin = next(one for one in room.handins if one.id == "almost")
            cells = read_notebook(handin).cells
            job = Job.of(cells, seed="5eed", limits=LIMITS, recording=new)
            graded = sandbox.grade(job)
            met = sandbox.environment
    assert sandbox.environment == met
    item = {"cells": list(cells), "recording": "new"}
    batch = Job(notebook=json.dumps([item]).encode(), seed="00", limits=LIMITS,
                recording=str(tmp_path))  # fmt: skip
    [found] = json.loads(sandbox.replay(batch))
    points = [sum(q.points or 0 for q in outcome.questions)
              for outcome in (graded, Outcome.from_json(found["outcome"]))]  # fmt: skip
    assert points == [7.0, 9.0]


def index_of(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Return what stands before the index of a recording, and the index."""
    data = path.read_bytes()
    length, _ = FOOTER.unpack(data[-FOOTER.size :])
    start = len(data) - FOOTER.size - length
    return data[:start], json.loads(zlib.decompress(data[start : -FOOTER.size]))


def signed(head: bytes, index: bytes) -> bytes:
    """Return a recording whose digest is right, whatever the index says."""
    return head + index + FOOTER.pack(len(index), hashlib.sha256(index).digest())


def forged(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], bytes]:
    def forge(path: Path) -> bytes:
        head, index = index_of(path)
        change(index)
        return signed(head, zlib.compress(json.dumps(index).encode()))

    return forge


def checks(index: dict[str, Any]) -> list[dict[str, Any]]:
    return [check for question in index["questions"] for check in question["checks"]]


HOSTILE: dict[str, Callable[[Path], bytes]] = {
    "nothing": lambda _: b"",
    "noise": lambda _: bytes(range(256)) * 99,
    "a footer that points before the file": lambda _: MAGIC + FOOTER.pack(1 << 40, bytes(32)),
    "cut off": lambda path: path.read_bytes()[:-9],
    "a bit of an answer": lambda path: path.read_bytes().replace(b"printed", b"prinTed", 1),
    "a bomb": lambda _: signed(MAGIC, zlib.compress(bytes(1 << 26))),
    "no JSON": lambda _: signed(MAGIC, zlib.compress(b"[" * 100_000)),
    "no index": lambda _: signed(MAGIC, zlib.compress(b"[]")),
    "frames that are nowhere": forged(lambda index: index.update(frames=[])),
    "a frame before the file": forged(
        lambda index: [frame.__setitem__(0, -5) for frame in index["frames"]]
    ),
    "answers of another kind": forged(
        lambda index: [e.__setitem__(1, [{}]) for c in checks(index) for e in c["exchanges"]]
    ),
    "an unknown end": forged(
        lambda index: [e.__setitem__(1, "fame") for c in checks(index) for e in c["exchanges"]]
    ),
    "no checks": forged(lambda index: [q.update(checks=[]) for q in index["questions"]]),
    "a seed that is none": forged(lambda index: index.update(seed="zz")),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_recording_that_is_none_gives_no_marks(
    room: Room, looser: Path, tmp_path: Path, name: str
) -> None:
    """Damaged or made up, it sends its submission to a sandbox, and nothing fails."""
    shutil.copytree(room.results().folder, tmp_path / "results")
    digest = hashlib.sha256((room.folder / "class" / "right.ipynb").read_bytes()).hexdigest()
    [path] = (tmp_path / "results" / "recordings").glob(f"{digest}-*")
    path.write_bytes(HOSTILE[name](path))
    results = Results(tmp_path / "results", [one.id for one in room.handins])
    [change] = room.changes(looser, results=results, ids=["right"]).values()
    assert change.after is None
    assert change.why


class Scripted:
    """A kernel that gives prepared answers."""

    alive = True

    def __init__(self, *answers: list[bytes] | Ended) -> None:
        self._answers: Iterator[list[bytes] | Ended] = iter(answers)

    def probe(self, frames: Sequence[bytes], seconds: float) -> list[Any]:
        answer = next(self._answers)
        if isinstance(answer, Ended):
            raise UnansweredError(answer)
        return answer


def recorded(room: Room, path: Path, *answers: list[bytes] | Ended) -> Recorder:
    """Return a recorder that heard one check get these answers."""
    recorder = Recorder(path)
    kernel = recorder.over(Scripted(*answers))
    recorder.check("test_it")
    for number, _ in enumerate(answers):
        try:
            kernel.probe([b"%d" % number], 1.0)
        except UnansweredError as unanswered:
            recorder.ended(unanswered.how)
    recorder.question("moving_average", 3, [])
    recorder.close(Bundle.load(room.bundle), "5eed")
    return recorder


def test_a_recording_comes_back_as_it_was(room: Room, tmp_path: Path) -> None:
    """Frames large and small, equal ones once, and why there was no answer."""
    weights = hashlib.shake_256(b"weights").digest(100_000)
    recorded(room, tmp_path / "new", [b"{}", weights], [b"[]", weights, bytes(90_000)], Ended.TIME)
    recording = Recording(tmp_path / "new")
    [check] = recording.questions[0].checks
    first, second, last = (exchange.answer for exchange in check.exchanges)
    assert not isinstance(first, Ended)
    assert not isinstance(second, Ended)
    assert recording.answer(first) == [b"{}", weights]
    assert recording.answer(second) == [b"[]", weights, bytes(90_000)]
    assert (last, check.ended) == (Ended.TIME, Ended.TIME)
    assert (tmp_path / "new").stat().st_size < 103_000


def test_a_recording_that_grows_too_large_is_dropped_and_says_so(
    room: Room, tmp_path: Path
) -> None:
    """Its submission then needs a sandbox; the file takes no room."""
    answers = [[bytes([n]) * (MAX_BYTES // 2 + 1)] for n in range(2)]
    recorded(room, tmp_path / "new", *answers)
    with pytest.raises(UnusableError, match="more than the 64 MiB that are kept"):
        Recording(tmp_path / "new")
    assert (tmp_path / "new").stat().st_size < 2_000


def test_the_command_asks_before_it_publishes(
    room: Room, looser: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without somebody to ask it says what to do; with --yes the gradebook is the new one."""
    shutil.copytree(room.folder / "class", tmp_path / "class")
    (tmp_path / "class" / "rounds.ipynb").unlink()
    (tmp_path / "class" / "loops.ipynb").unlink()  # takes longer than it may here
    (tmp_path / "class" / "dies.ipynb").unlink()
    arguments = [str(tmp_path / "class"), "--results", str(tmp_path / "results")]
    ready = prepare_bundle(room.bundle, room.folder / "cache")
    grade = ["grade", *arguments, "--bundle", str(room.bundle)]
    assert main(grade, lambda *_: LocalSandbox(ready, "bubblewrap")) == 0
    gradebook = tmp_path / "results" / "gradebook.csv"
    before = gradebook.read_bytes()
    again = prepare_bundle(looser, room.folder / "cache")
    regrade = ["regrade", *arguments, "--bundle", str(looser)]

    def refusing(*_: object) -> LocalSandbox:
        return Refusing(again, "bubblewrap")

    capsys.readouterr()
    assert main(regrade, refusing) == 2
    said = capsys.readouterr()
    assert "up, 1:\n  almost" in said.out
    assert "Nothing was written. Add --yes to publish these changes." in said.err
    assert main([*regrade, "--dry-run"], refusing) == 0
    assert gradebook.read_bytes() == before
    assert main([*regrade, "--yes"], refusing) == 0
    published = gradebook.read_bytes()
    assert b"almost,graded,9.0,9.0" in published
    assert main(["grade", *arguments, "--bundle", str(looser)], refusing) == 0
    assert gradebook.read_bytes() == published
    capsys.readouterr()
    assert main(regrade, refusing) == 0, "published already, so there is nothing to ask"
    assert "There is nothing to publish." in capsys.readouterr().err
