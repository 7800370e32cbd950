"""How good the checks are is measured, and a build whose checks got worse is refused."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gradekit.author import example_answers, leaks
from gradekit.author.build import Built, build_assignment
from gradekit.author.example_answers import AnswerBook
from gradekit.author.master import read_master
from gradekit.cli import audit as audit_command
from gradekit.cli import main
from gradekit.core.bundle import Bundle
from gradekit.core.errors import AuthorError, GraderError
from gradekit.quality.audit import gate as gates
from gradekit.quality.audit.answer_grader import AnswerGrader
from gradekit.quality.audit.gate import Gate
from gradekit.quality.audit.measurement import Audit
from gradekit.quality.audit.mutants import make_mutants, sample
from gradekit.quality.audit.rates import GradedAnswer, QuestionAudit, Rate
from gradekit.quality.audit.solved_notebook import SolvedNotebook
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.prepare import prepare_bundle
from masters.edit import AVERAGES, Edit, derive

REPOSITORY = Path(__file__).parents[2]
EXERCISE = REPOSITORY / "assignment"
WALLS = "bubblewrap" if shutil.which("bwrap") else "none"


def audit_of(built: Built, book: AnswerBook) -> Audit:
    return Audit(built=built, book=book, sandbox_for=lambda bundle: LocalSandbox(bundle, WALLS))


def book_of(built: Built) -> AnswerBook:
    book = example_answers.read(built.master)
    assert book is not None
    return book


@pytest.fixture(scope="module", autouse=True)
def nothing_remembered(tmp_path_factory: pytest.TempPathFactory) -> object:
    """What earlier runs measured on this machine is of no use here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def measured(averages: Built) -> list[QuestionAudit]:
    """All answers and mutants of the small master, really marked."""
    audit = audit_of(averages, book_of(averages))
    return audit.measure(audit.questions)


def answer(kind: str, name: str, why: str, *verdicts: str) -> GradedAnswer:
    """An answer to a question of two checks."""
    return GradedAnswer(
        kind=kind, name=name, idea="", cells=("x = 1",), why=why,
        verdicts=verdicts or ("passed", "passed"), messages=("", ""),
    )  # fmt: skip


def result(*answers: GradedAnswer, digest: str = "") -> QuestionAudit:
    return QuestionAudit(
        question="moving_average", digest=digest, checks=("first", "second"),
        hidden=(False, True), mutants_made=len(answers), answers=answers,
    )  # fmt: skip


GOOD = (
    answer("right", "loop", ""),
    answer("wrong", "short", "off by one", "failed", "passed"),
    answer("mutant", "minus", "a sum", "passed", "failed"),
    answer("blank", "blank", "", "failed", "failed"),
)


def test_no_answer_of_the_second_master_is_marked_wrongly(measured: list[QuestionAudit]) -> None:
    """Nothing of the audit is tied to one exercise: another subject, another oracle."""
    assert [one.question for one in measured] == ["moving_average", "peak"]
    for one in measured:
        assert one.false_rejects == Rate(count=0, of=8)
        assert one.false_accepts.count == 0
        assert one.false_accepts.of >= 10
        assert one.surviving.count == 0
        assert one.surviving.of + len(one.equivalent) == one.mutants_made > 0
        assert not one.disputed
        assert not one.undecided
        assert not one.idle


def test_the_committed_numbers_of_the_second_master_are_those_measured(
    averages: Built, measured: list[QuestionAudit]
) -> None:
    """`audit.json` is what an audit writes, to the byte."""
    rows = {one.question: gates.row_of(one, book_of(averages)) for one in measured}
    assert (AVERAGES / "audit.json").read_text("utf-8") == gates.file_text(rows)


def test_an_answer_leaves_nothing_behind_for_the_next(averages: Built) -> None:
    """One after the other, verdicts are those of a worker for each, whatever an answer does."""
    grader = AnswerGrader(
        solved=SolvedNotebook(averages, book_of(averages)),
        bundle=Bundle.load(prepare_bundle(averages.autograder)),
        question="peak",
        sandbox_for=lambda bundle: LocalSandbox(bundle, WALLS),
    )
    right = "position_of_peak = int(np.argmax(moving_average(pulse, 15)))"
    answers = [
        (right,),
        ("pulse *= -1\ndel moving_average\nlist = 3",),  # and no answer, though the last one had
        (f"{right}  # again",),
        ("import os; os._exit(0)",),
        (f"{right}  # in another kernel",),
    ]
    together = grader.grade(answers, jobs=1)
    alone = grader.grade(answers, jobs=1, fresh=True)
    verdicts = [[str(one.verdict) for one in mark.checks] for mark in together]
    assert verdicts == [[str(one.verdict) for one in mark.checks] for mark in alone]
    passed, failed = ["passed"] * 2, ["failed"] * 2
    assert verdicts[:3] + verdicts[4:] == [passed, failed, passed, passed]
    assert "passed" not in verdicts[3]


def test_what_was_measured_is_not_measured_again(
    averages: Built, measured: list[QuestionAudit]
) -> None:
    """The second time nothing is begun, and the results are the same."""
    totals: list[int] = []
    audit = audit_of(averages, book_of(averages))
    assert audit.measure(["peak"], totals.append) == measured[1:]
    assert totals == [0]


def test_mutants_are_python_each_another_program_and_keep_their_names() -> None:
    """A line added elsewhere changes no name, so an explanation stays where it is."""
    source = "def f(x):\n    return x[1:] + 2\n"
    found = make_mutants([source])
    assert len({mutant.cells for mutant in found}) == len(found) > 10
    for mutant in found:
        compile(mutant.cells[0], mutant.name, "exec")
    later = make_mutants(["# a comment\n" + source])
    assert [mutant.name for mutant in later] == [mutant.name for mutant in found]
    assert "NumberReplacer: return x[1:] + 2 -> return x[1:] + 3" in [one.name for one in found]


def test_a_sample_of_mutants_is_even_and_always_the_same() -> None:
    """Sixty of many are spread over the whole solution, and all are taken where all are asked."""
    found = make_mutants(["y = " + " + ".join("abcdefgh")])
    some = sample(found, 7)
    assert some == sample(found, 7)
    places = [found.index(one) for one in some]
    steps = {b - a for a, b in itertools.pairwise(places)}
    assert len(some) == 7
    assert max(steps) - min(steps) <= 1
    assert sample(found, None) == found


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (answer("right", "lists", "", "failed", "passed"), "1 of 2 right answers are rejected"),
        (answer("wrong", "sum", "not divided"), "1 of 2 wrong answers get all points"),
        (answer("mutant", "plus", "a shift"), "1 of 2 wrong mutants get all points"),
        (answer("right", "lists", "it fails"), "the right answer lists is mislabelled"),
        (answer("wrong", "sum", "", "failed", "failed"), "the wrong answer sum is mislabelled"),
        (answer("wrong", "odd", "so", "unmarked", "failed"), "a check fails by itself on odd"),
    ],
)
def test_what_got_worse_is_said_in_a_sentence(
    extra: GradedAnswer, says: str, averages: Built
) -> None:
    """The author reads what, how often, which answers, and how to accept it."""
    book, before = book_of(averages), gates.row_of(result(*GOOD), book_of(averages))
    assert list(gates.regressions(result(*GOOD), book, before)) == []
    (text,) = gates.regressions(result(*GOOD, extra), book, before)
    assert says in text
    assert text.endswith(".")
    if "mislabelled" not in says:
        assert "--accept-rates moving_average" in text


def test_a_check_that_fails_nobody_who_answered_cannot_fail(averages: Built) -> None:
    """That the untouched cell fails it is no evidence: any answer passes."""
    answers = [answer("wrong", "short", "off by one", "failed", "passed"), GOOD[3]]
    (text,) = gates.regressions(result(*answers), book_of(averages), {})
    assert text.startswith('the check "second" cannot fail: it fails no wrong answer and no mut')


def test_an_explained_survivor_is_no_finding_and_an_equivalent_mutant_no_survivor() -> None:
    """The author's reason counts for the one mutant it names."""
    survivor, equal = answer("mutant", "plus", "a shift"), answer("mutant", "same", "")
    found = result(*GOOD, survivor, equal)
    assert found.surviving == Rate(count=1, of=2)
    book = AnswerBook(
        folder=Path(), answers=(), explained={("moving_average", "plus"): "never seen"}
    )
    assert gates.unexplained_survivors(found, book) == []
    assert list(audit_command.findings(found, book)) == []
    assert "never seen" in "\n".join(audit_command.notes(found, book))


def test_checks_that_catch_the_same_are_named_and_what_one_catches_alone_is_counted() -> None:
    """Redundant means the same set, not the same number."""
    both = answer("wrong", "a", "x", "failed", "failed")
    assert result(both).redundant == [("first", "second")]
    assert result(*GOOD).redundant == []
    assert [result(*GOOD, both).alone(place) for place in (0, 1)] == [1, 1]


def test_the_interval_of_no_error_in_eight_reaches_to_37_per_cent() -> None:
    """Clopper and Pearson: the bound solves (1 - p)^8 = 0.025."""
    low, high = Rate(count=0, of=8).interval
    assert low == 0.0
    assert (1 - high) ** 8 == pytest.approx(0.025, rel=1e-6)
    assert Rate(count=0, of=0).interval == (0.0, 1.0)


def weaken(edit: Edit) -> None:
    """Let one check look at the length alone, and add one that any answer passes."""
    old = 'assert float(np.abs(y - expected).max()) <= 1e-9, "the result has other values"'
    edit.replace("average-random", old, "assert len(y) == len(expected)")
    edit.replace("average-integers", '[0.5, 1.0], "integer', '[0.5, 1.0] or len(y) == 2, "integer')
    edit.replace("q-average", "points: 6", "points: 7")
    edit.insert(
        "average-integers", "code", "average-idle",
        '""" # BEGIN TEST CONFIG\npoints: 1\nhidden: true\nfailure_message: Return something.\n'
        '""" # END TEST CONFIG\ndef test_it_can_be_called(moving_average):\n'
        '    """The stub is gone."""\n    try:\n        moving_average([1.0], 1)\n'
        "    except Exception as error:\n        assert 'NotImplemented' not in str(error)\n",
    )  # fmt: skip


def test_a_weakened_check_stops_the_build_and_its_numbers_can_be_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gradekit build` ends with 3 and sentences; by name it goes on and records the numbers.

    Where they cannot be written, the earlier numbers stay.
    """
    assignment = derive(tmp_path / "weak", weaken)
    arguments = ["build", str(assignment), "--into", str(tmp_path / "out"), "--no-page"]
    arguments += ["--sandbox", WALLS]
    assert main(arguments) == 3
    said = capsys.readouterr().err
    assert (
        "moving_average: 3 of 11 wrong answers get all points, 0 of 11 when last accepted" in said
    )
    assert "divided-by-two; median; whole-numbers" in said
    assert 'the check "it can be called" cannot fail' in said
    assert not (tmp_path / "out" / "student").exists()
    built = build_assignment(assignment, tmp_path / "again")
    gate = Gate(audit_of=audit_of, accepted=["moving_average"])
    gate.admit(built)
    draft = assignment / ".audit.json.new"
    draft.mkdir()  # in the way, as a full disk would be
    before = (assignment / "audit.json").read_bytes()
    with pytest.raises(GraderError, match=r"audit\.json: could not be written"):
        gate.commit()
    assert (assignment / "audit.json").read_bytes() == before
    draft.rmdir()
    gate.commit()
    row = gates.committed(assignment / "audit.json")["moving_average"]
    assert row["wrong"]["count"] == 3
    Gate(audit_of=audit_of, measuring=lambda _audit, names: nothing_to(names)).admit(built)


def nothing_to(names: object) -> list[QuestionAudit]:
    """Stand where the measuring is; whoever comes here had something to measure."""
    assert names == []
    return []


def test_a_leaked_threshold_stops_the_build(tmp_path: Path) -> None:
    """A hidden bar that students can read is named with its key, also in per cent."""

    def leak(edit: Edit) -> None:
        text = "autograder_files:\n  - reference.py\n"
        edit.replace("config", text, f"{text}  - bars.json\n")
        edit.replace("between", "noise.", "noise; 87.3 % of all find it.")
        bars = {"pulse": {"holdout": {"bar": 0.873}, "test": {"bar": 0.5}, "mean": 0.15}}
        (edit.folder / "bars.json").write_text(json.dumps(bars))

    assignment = derive(tmp_path / "leak", leak)
    assert main(["build", str(assignment), "--into", str(tmp_path / "out")]) == 3
    built = build_assignment(assignment, tmp_path / "again")
    with pytest.raises(AuthorError, match=r"bars.pulse.holdout.bar = 0.873 is also in student/av"):
        leaks.no_hidden_threshold_is_shown(built)
    settings = assignment / "answers" / "audit.toml"
    settings.write_text(f'{settings.read_text()}shown = ["bars.*.holdout.bar"]\n')
    leaks.no_hidden_threshold_is_shown(built)


def test_no_answer_is_handed_out(averages: Built) -> None:
    """Answers show solutions: nothing of them is copied, and listing them is refused."""
    handed_out = [path for path in averages.student.rglob("*") if path.is_file()]
    texts = [path.read_text("utf-8") for path in handed_out]
    assert {path.name for path in handed_out}.isdisjoint({"audit.json", "audit.toml", "oracle.py"})
    for answer in book_of(averages).answers:
        assert not any(answer.cells[0] in text for text in texts), answer.name


@pytest.mark.parametrize("name", ["answers", "answers/oracle.py", "audit.json"])
def test_a_master_that_lists_its_answers_for_students_is_refused(name: str, tmp_path: Path) -> None:
    """The mistake is found before anything is built."""
    folder = derive(
        tmp_path / "open",
        lambda e: e.replace("config", "- helpers.py", f"- helpers.py\n  - {name}"),
    )
    with pytest.raises(AuthorError, match='"files:" would hand'):
        read_master(folder)


def _rename(folder: Path) -> None:
    (folder / "answers" / "peak").rename(folder / "answers" / "peek")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_rename, "no question of this name asks for code"),
        (lambda f: (f / "answers/oracle.py").unlink(), "is missing"),
        (lambda f: (f / "answers/audit.toml").write_text("skip = ["), "cannot be read"),
        (lambda f: (f / "answers/audit.toml").write_text("skp = []"), '"skp" is not known'),
        (lambda f: (f / "answers/audit.toml").write_text('skip = ["no"]'), "no cell is or begins"),
        (lambda f: (f / "answers/audit.toml").write_text('leave = ["no"]'), 'no question "no"'),
        (lambda f: (f / "answers/peak/right/a.py").mkdir(), "a.py cannot be read (Is a directory)"),
        (lambda f: (f / "answers/peak/right/loop.py").write_bytes(b"#\xff"), "is not UTF-8"),
        (lambda f: (f / "answers/peak/right/loop.py").write_text("x = 1"), "must be a comment"),
        (lambda f: (f / "answers/peak/right/loop.py").write_text("# a\nx ="), "is not Python"),
        (lambda f: (f / "answers/peak/right/loop.py").write_text("# a\n# %%\nx"), "has 2 cells"),
    ],
)
def test_a_mistake_in_the_answers_is_named(
    spoil: Callable[[Path], object], says: str, tmp_path: Path
) -> None:
    """The file, what is wrong, and what to do."""
    folder = derive(tmp_path / "spoilt")
    spoil(folder)
    with pytest.raises(AuthorError) as caught:
        example_answers.read(read_master(folder))
    assert says in str(caught.value)
    assert all(line.endswith(".") for line in str(caught.value).splitlines())


def test_a_master_without_answers_is_built_with_a_hint(tmp_path: Path) -> None:
    """Measuring is an offer: nothing is asked of an author who has no answers."""
    folder = derive(tmp_path / "bare")
    shutil.rmtree(folder / "answers")
    gate = Gate(audit_of=audit_of)
    gate.admit(build_assignment(folder, tmp_path / "out"))
    gate.commit()
    assert "gradekit audit" in gate.line
    assert len(gate.line) <= 95


def test_the_lines_fit_80_columns(measured: list[QuestionAudit]) -> None:
    """The tables of rates and checks can be read on any terminal."""
    lines = [*audit_command.rates(measured)]
    lines += [line for one in measured for line in audit_command.checks(one)]
    assert max(map(len, lines)) <= 80


@pytest.mark.skipif(not (EXERCISE / "audit.json").is_file(), reason="not audited yet")
def test_the_exercise_is_measured_and_its_checks_are_good() -> None:
    """The committed numbers are fresh; no answer is marked wrongly, and survivors are explained."""
    built = Built(REPOSITORY, read_master(EXERCISE), Bundle.load(REPOSITORY / "autograder"))
    rows, audit = gates.committed(EXERCISE / "audit.json"), audit_of(built, book_of(built))
    assert list(rows) == audit.questions
    assert {name: row["digest"] for name, row in rows.items()} == {
        name: audit.digest(name) for name in rows
    }
    assert sum(row["right"]["count"] for row in rows.values()) == 0
    assert sum(row["wrong"]["count"] for row in rows.values()) == 0
    mutants_of = [row["mutants"] for row in rows.values()]
    survive = sum(row["count"] for row in mutants_of)
    assert survive <= 0.02 * sum(row["of"] for row in mutants_of)
    assert not any(row["unexplained"] for row in mutants_of)
