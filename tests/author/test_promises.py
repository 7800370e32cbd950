"""What must hold of a build is tried, and a promise that fails says which check and what to do."""

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gradekit.author import canary, leaks, otter, promises
from gradekit.author.build import Built, build_assignment, draft_assignment
from gradekit.author.dist import differences, render_solution
from gradekit.author.master import master
from gradekit.core.errors import AuthorError
from gradekit.core.job import Job
from gradekit.core.marks import Mark, Outcome, QuestionMark, Verdict
from masters.edit import AVERAGES, Edit, derive

REPOSITORY = Path(__file__).parents[2]
SAID = "`moving_average` was not defined."


class FakeSandbox:
    """Gives every check of the averages full marks if the notebook holds the solution, or none."""

    name = "fake"

    def __init__(self, change: Callable[[Mark], Mark | None] = lambda mark: mark) -> None:
        self.change = change
        self.jobs: list[Job] = []

    def grade(self, job: Job) -> Outcome:
        self.jobs.append(job)
        solved = b"sliding_window_view" in job.notebook
        questions = []
        for question in master.read_master(AVERAGES).questions:
            points = {"random_signals": 3.0, "the_position_is_right": 3.0}
            marks = [
                Mark(
                    name=check.name,
                    hidden=check.hidden,
                    verdict=Verdict.PASSED if solved else Verdict.FAILED,
                    points=points.get(check.function.name.removeprefix("test_"), 1.0) * solved,
                    out_of=points.get(check.function.name.removeprefix("test_"), 1.0),
                    message="" if solved else SAID,
                )
                for check in question.checks
            ]
            changed = [mark for mark in map(self.change, marks) if mark is not None]
            questions.append(QuestionMark(name=question.name, checks=tuple(changed)))
        return Outcome(questions=tuple(questions))


def with_(old: Verdict, **changes: object) -> Callable[[Mark], Mark | None]:
    """Change the marks that have one verdict."""

    def change(mark: Mark) -> Mark | None:
        if mark.verdict is not old:
            return mark
        return Mark.from_json({**mark.to_json(), **changes})

    return change


def test_a_good_build_keeps_its_promises_and_says_so(tmp_path: Path) -> None:
    """The summary counts what was built and what was tried."""
    proof = promises.prove_build(build_assignment(AVERAGES, tmp_path), FakeSandbox())
    assert proof.summary() == (
        "3 questions, 6 checks (3 public, 3 hidden), 10 points\n"
        "  student/     averages.ipynb and 2 check files\n"
        "  solutions/   averages.ipynb\n"
        "  autograder/  2 check files, Dockerfile, manifest.json\n"
        "solution 10 / 10, blank 0 / 10, nothing hidden in student/, rebuild equal"
    )
    assert proof.hidden_places == 7


def test_the_sandbox_gets_cleaned_notebooks_with_the_ids_of_the_build(averages: Built) -> None:
    """Solution and blank take the way of a submission."""
    sandbox = FakeSandbox()
    promises.grade_both(averages, sandbox)
    cells = [json.loads(job.notebook)["cells"] for job in sandbox.jobs]
    assert {len(one) for one in cells} == {14, 15}
    assert averages.bundle.cells in [tuple(cell["id"] for cell in one) for one in cells]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            with_(Verdict.PASSED, verdict="failed", points=0.0, message="Wrong."),
            "question moving_average: failed, 'Wrong.'. Correct the solution or the check.",
        ),
        (
            with_(Verdict.PASSED, verdict="stopped", points=0.0),
            "the solution does not pass",
        ),
        (
            with_(Verdict.PASSED, verdict="unmarked", points=None),
            "the check itself failed",
        ),
        (
            with_(Verdict.FAILED, verdict="passed", points=1.0),
            'the untouched notebook passes check "random signals" of question moving_average',
        ),
        (
            with_(Verdict.FAILED, verdict="stopped"),
            'does not get as far as check "random signals"',
        ),
        (
            with_(Verdict.FAILED, message=""),
            "says '', which is no sentence",
        ),
        (
            with_(Verdict.FAILED, message="TypeError: 'NoneType' object is not iterable."),
            "which is no sentence",
        ),
        (
            lambda mark: None if mark.name == "random signals" else mark,
            'check "random signals" of question moving_average was not marked',
        ),
    ],
)
def test_a_broken_promise_names_the_check(
    change: Callable[[Mark], Mark | None], says: str, averages: Built
) -> None:
    """The author reads which check, what happened and what to do."""
    with pytest.raises(AuthorError) as caught:
        promises.grade_both(averages, FakeSandbox(change))
    assert says in str(caught.value)
    assert all(line.endswith(".") for line in str(caught.value).splitlines())


def test_an_untouched_notebook_that_is_stopped_on_its_way_is_found(averages: Built) -> None:
    """What a sandbox notes of it says that not every cell ran as it stands."""
    without_questions = replace(averages, bundle=replace(averages.bundle, questions=()))
    outcome = Outcome(questions=(), notes=("cell 3 ended the kernel (out of memory).",))
    with pytest.raises(AuthorError) as caught:
        promises.blank_earns_nothing(without_questions, outcome)
    assert "does not run to its last cell: cell 3 ended the kernel" in str(caught.value)


def test_a_build_that_breaks_a_promise_leaves_the_earlier_one(tmp_path: Path) -> None:
    """What is committed always kept its promises."""
    build_assignment(AVERAGES, tmp_path)
    (tmp_path / "student" / "README.md").write_text("earlier")
    broken = FakeSandbox(with_(Verdict.FAILED, verdict="passed", points=1.0))
    with pytest.raises(AuthorError), draft_assignment(AVERAGES, tmp_path) as draft:
        promises.prove_build(draft, broken)
    assert (tmp_path / "student" / "README.md").read_text() == "earlier"


@pytest.mark.parametrize(
    "message",
    [
        "The mean of [1, 2] is 1.5, but it was 3.",
        "`width` is missing.",
        "Which way round does h have to be read?",
        'The name is "y".',
    ],
)
def test_a_message_that_reads_as_a_sentence_passes(message: str) -> None:
    assert promises.is_sentence(message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   ",
        "assertion failed",
        "No full stop",
        "'NoneType' object is not callable.",
        'Traceback (most recent call last):\n  File "x".',
        "Expected <function f at 0x7f00>.",
    ],
)
def test_a_message_that_helps_nobody_is_found(message: str) -> None:
    assert not promises.is_sentence(message)


def test_the_canary_is_put_into_every_hidden_place(tmp_path: Path) -> None:
    """Solutions, rubric, hidden checks and hidden files; nothing that students see."""
    read = master.read_master(AVERAGES)
    places = canary.inject(read, "canary0", tmp_path / "copy")
    assert len(places) == 7
    again = master.read_master(tmp_path / "copy")
    with_it = {cell.id for cell in again.cells if "canary0" in cell.source}
    assert with_it == {
        *("average", "average-random", "average-integers"),
        *("peak", "peak-right", "lag-rubric"),
    }
    assert "canary0" in (tmp_path / "copy" / "reference.py").read_text()
    assert "canary0" not in (tmp_path / "copy" / "helpers.py").read_text()


def test_the_canary_finds_a_solution_that_stays_in_the_student_folder(
    tmp_path: Path,
) -> None:
    """A leak that the rules about masters let pass is still found: here they are passed over.

    Otter hands a text cell of a SOLUTION on when it is tagged so.
    """
    read = master.read_master(AVERAGES)
    places = canary.inject(read, "canary0", tmp_path / "copy")
    edit = Edit(tmp_path / "copy")
    edit.cell("lag-rubric")["metadata"]["tags"] = ["otter_include"]
    edit.save()
    assigned = otter.assign(replace(read, path=edit.path), tmp_path)
    with pytest.raises(AuthorError, match=r"solution in cell \d+ \(lag-rubric\) reaches the stud"):
        canary.refuse_leak(read, assigned / "student", "canary0", places)


def _zip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "hide",
    [
        lambda data: data,
        lambda data: json.dumps({"text": data.decode()}).encode(),
        lambda data: base64.b64encode(b"x" + data + b"yz"),
        lambda data: base64.b64encode(b"xy" + data + b"z"),
        lambda data: base64.b64encode(b"xyz" + data),
        lambda data: data.hex().encode(),
        lambda data: data.decode().encode("utf-16"),
        _zip,
        lambda data: _zip(_zip(data)),
        gzip.compress,
        lambda data: gzip.compress(base64.b64encode(b"some " + data)),
    ],
    ids=[
        *("plain", "json", "base64", "base64 shifted", "base64 shifted twice", "hexadecimal"),
        *("wide characters", "zip", "zip in a zip", "gzip", "base64 in gzip"),
    ],
)
def test_the_word_is_found_in_every_form(hide: Callable[[bytes], bytes], tmp_path: Path) -> None:
    word = "canary0123456789abcdef"
    (tmp_path / "data.bin").write_bytes(hide(f"before {word}x3x after".encode()))
    assert [name.split(":")[0] for name, _ in canary.search(tmp_path, word)] == ["data.bin"]


def test_the_word_is_found_in_a_file_name(tmp_path: Path) -> None:
    """A check file may be named after something hidden."""
    (tmp_path / "canary0123456789.txt").touch()
    assert list(canary.search(tmp_path, "canary0123456789"))


def test_a_folder_without_the_word_is_clean(averages: Built) -> None:
    assert list(canary.search(averages.student, "canary0123456789abcdef")) == []


def test_a_solution_line_in_the_student_notebook_is_found(tmp_path: Path) -> None:
    """Also where the canary cannot go: in the real build."""
    built = build_assignment(AVERAGES, tmp_path)
    leaks.no_solution_line_is_shown(built)
    path = built.student / "averages.ipynb"
    data = json.loads(path.read_text())
    data["cells"][1]["metadata"]["note"] = "position_of_peak = int(np.argmax(smooth))"
    path.write_text(json.dumps(data))
    with pytest.raises(AuthorError, match=r"\(peak\): the line .*argmax.* also in student/aver"):
        leaks.no_solution_line_is_shown(built)


def test_a_solution_copied_into_a_helper_is_found(tmp_path: Path) -> None:
    """Three lines in a row are no accident; one line alone may be."""
    body = (
        "samples = np.asarray(x, dtype=float)\n"
        "    windows = np.lib.stride_tricks.sliding_window_view(samples, width)\n"
    )
    folder = derive(tmp_path / "m")
    (folder / "helpers.py").write_text(f"def f(x, width):\n    {body}    return 1\n")
    leaks.no_solution_line_is_shown(build_assignment(folder, tmp_path / "one"))
    (folder / "helpers.py").write_text(
        f"def f(x, width):\n    {body}    return windows.mean(axis=1)\n"
    )
    with pytest.raises(AuthorError, match=r"\(average\).*student/helpers.py"):
        leaks.no_solution_line_is_shown(build_assignment(folder, tmp_path / "two"))


def test_a_hidden_file_under_another_name_is_found(tmp_path: Path) -> None:
    """A copy among the students' files is as good as the file itself."""

    def copied(edit: Edit) -> None:
        (edit.folder / "spare.py").write_bytes((edit.folder / "reference.py").read_bytes())
        edit.replace("config", "  - helpers.py", "  - helpers.py\n  - spare.py")

    built = build_assignment(derive(tmp_path / "m", copied), tmp_path / "out")
    with pytest.raises(AuthorError, match=r"student/spare.py .* hidden reference.py"):
        leaks.no_hidden_file_is_shown(built)


def stale(assignment: Path, root: Path, scratch: Path) -> list[str]:
    """Return where the folders below `root` differ from a fresh build: files and cells."""
    return differences(build_assignment(assignment, scratch).root, root)


def test_a_stale_build_is_told_by_file_and_cell(averages: Built, tmp_path: Path) -> None:
    """`make test` says what to look at after an edit without a build."""
    assert stale(AVERAGES, averages.root, tmp_path / "fresh") == []
    edited = derive(tmp_path / "averages", lambda e: e.write("closing", "Another ending."))
    assert stale(edited, averages.root, tmp_path / "edited") == [
        "student/averages.ipynb differs in cell closing",
        "solutions/averages.ipynb differs in cell closing",
    ]


def test_the_committed_folders_are_what_the_master_gives(tmp_path: Path) -> None:
    """After an edit of the master comes `make dist`."""
    lines = stale(REPOSITORY / "assignment", REPOSITORY, tmp_path)
    assert not lines, "run `make dist` and commit:\n" + "\n".join(lines)


@pytest.mark.slow
@pytest.mark.bubblewrap
def test_a_good_build_keeps_its_promises_where_submissions_are_graded(tmp_path: Path) -> None:
    """The solution earns all, the untouched notebook nothing, in a real sandbox."""
    from gradekit.sandbox.choose import choose_sandbox
    from gradekit.sandbox.prepare import prepare_bundle

    built = build_assignment(AVERAGES, tmp_path / "out")
    prepared = prepare_bundle(built.autograder, tmp_path / "cache")
    proof = promises.prove_build(built, choose_sandbox("bubblewrap", prepared))
    assert (proof.solution, proof.blank) == (10.0, 0.0)


@pytest.mark.slow
@pytest.mark.bubblewrap
def test_a_check_that_the_untouched_notebook_passes_is_named(tmp_path: Path) -> None:
    """The author reads which check demands too little."""
    from gradekit.sandbox.choose import choose_sandbox
    from gradekit.sandbox.prepare import prepare_bundle

    def lenient(edit: Edit) -> None:
        edit.replace("average-by-hand", "(moving_average):", "(env):")
        source = "".join(edit.cell("average-by-hand")["source"])
        start = source.index("    y = list")
        edit.write("average-by-hand", source[:start] + "    assert True")

    folder = derive(tmp_path / "master", lenient)
    earns_one = pytest.raises(AuthorError, match=r'passes check "two windows by hand".*earns 1\.')
    with earns_one, draft_assignment(folder, tmp_path / "out") as draft:
        prepared = prepare_bundle(draft.autograder, tmp_path / "cache")
        promises.prove_build(draft, choose_sandbox("bubblewrap", prepared))
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_solution_is_rendered_with_its_outputs(averages: Built, tmp_path: Path) -> None:
    """Stock Otter runs the public checks in it, so they pass there as well."""
    page = render_solution(
        averages, averages.autograder / "files", tmp_path / "dist" / "averages.html"
    )
    text = page.read_text("utf-8")
    assert text.count("passed!") == 2
    assert "sliding_window_view" in text
