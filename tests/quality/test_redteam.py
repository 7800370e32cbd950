"""`gradekit redteam` reports what gets through, of which attack, and nothing else."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from gradekit.author import canary
from gradekit.cli import main
from gradekit.cli import redteam as redteam_command
from gradekit.core.bundle import Bundle, Check, Question
from gradekit.core.errors import AuthorError, GraderError
from gradekit.core.job import Job
from gradekit.core.marks import Mark, Outcome, QuestionMark, Verdict
from gradekit.quality.redteam import campaign, catalogue, decoy, effects
from gradekit.quality.redteam.breaches import AttackResult, Breach, BreachKind, CampaignResult
from gradekit.quality.redteam.decoy import Decoy
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.sandbox import Sandbox
from masters.edit import AVERAGES, Edit, derive

REPOSITORY = Path(__file__).parents[2]
HEAD = '"""Idea: Something.\nMust: Nothing.\n"""\n'


def write(folder: Path, kind: str, name: str, code: str = "") -> Path:
    """Add an attack to a folder of attacks."""
    path = folder / kind / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + code, "utf-8")
    return path


# The catalogue

# How many there are of each kind. An attack that vanishes, from here or from the package,
# would otherwise count as one that was held.
ATTACKS = {"forging": 76, "reading": 55, "escaping": 45, "exhausting": 75, "poisoning": 33}


def test_no_attack_is_missing_from_the_catalogue() -> None:
    """284 attacks, counted by kind: every file in the folder of a kind is an attack."""
    attacks = catalogue.load(catalogue.builtin_folder())
    assert Counter(attack.kind for attack in attacks) == ATTACKS


def test_a_wheel_has_every_attack() -> None:
    """What the patterns for packaging miss would be missing for everybody but us."""
    tools = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    patterns = tools["package-data"]["gradekit.quality.redteam"]
    package = catalogue.builtin_folder().parent
    packed = {path for pattern in patterns for path in package.glob(pattern)}
    assert Counter(path.parent.name for path in packed) == ATTACKS


def agent_names(tree: ast.AST) -> set[str]:
    """Return the attributes of the kernel's agent that an attack uses."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value).endswith(("agent", "Agent", "gradekit_agent']"))
    }


def test_an_attack_on_the_agent_names_what_the_agent_has() -> None:
    """An attack that replaces a method which was renamed would be harmless, and count as held."""
    source = (REPOSITORY / "gradekit/worker/kernel/agent.py").read_text("utf-8")
    defined = {
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    used = {
        attack.name: agent_names(ast.parse(attack.source)) - {"__dict__", "honest", "kept"}
        for attack in catalogue.load(catalogue.builtin_folder())
        if "gradekit_agent" in attack.source
    }
    assert sum(map(bool, used.values())) == 18
    assert set().union(*used.values()) >= {"Agent", "answer", "open", "_has", "_forget", "_call"}
    assert {name: names - defined for name, names in used.items() if names - defined} == {}


def test_an_attack_is_read_and_not_run(tmp_path: Path) -> None:
    """Name, kind and the two lines come from the file; its code stays text."""
    write(tmp_path, "forging", "says-yes", "raise SystemExit\n")
    (attack,) = catalogue.load(tmp_path)
    assert (attack.name, attack.kind) == ("says-yes", "forging")
    assert (attack.idea, attack.must) == ("Something.", "Nothing.")
    assert attack.source.endswith("raise SystemExit\n")


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("forging/a.py", "x = 1\n", "does not begin with a docstring of two lines"),
        ("forging/a.py", '"""Idea: x."""\n', "does not begin with a docstring of two lines"),
        ("forging/a.py", '"""Idea: x.\nMust:\n"""\n', "does not begin with a docstring"),
        ("thieving/a.py", HEAD, "thieving is not a kind of attack"),
        ("a.py", HEAD, "is not a kind of attack"),
        ("forging/A b.py", HEAD, "small letters, digits"),
        ("README.md", "", "there are no attacks here"),
    ],
)
def test_a_malformed_zoo_is_refused_with_a_sentence(
    tmp_path: Path, file: str, text: str, says: str
) -> None:
    """An attack that would silently be left out counts as one that was held."""
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(AuthorError, match=says):
        catalogue.load(tmp_path)


def test_two_attacks_of_one_name_are_refused(tmp_path: Path) -> None:
    """A name tells which attack it was."""
    write(tmp_path, "forging", "same")
    write(tmp_path, "reading", "same")
    with pytest.raises(AuthorError, match="has the name of an attack in forging/"):
        catalogue.load(tmp_path)


def test_a_missing_zoo_is_refused(tmp_path: Path) -> None:
    """A misspelled folder is not a folder without attacks."""
    with pytest.raises(AuthorError, match="no such folder"):
        catalogue.load(tmp_path / "nowhere")


# What there is to steal


@pytest.fixture(scope="module")
def decoy_copy(tmp_path_factory: pytest.TempPathFactory) -> Decoy:
    return decoy.build_decoy(AVERAGES, tmp_path_factory.mktemp("bait"))


def test_the_word_is_in_all_that_is_hidden(decoy_copy: Decoy) -> None:
    """Checks, references, data, the seed: whatever is read there shows."""
    folder = decoy_copy.bundle.folder
    for name in ("tests/moving_average.py", "hidden/reference.py", "hidden/canary.txt"):
        assert decoy_copy.word in (folder / name).read_text("utf-8"), name
    assert decoy_copy.word in bytes.fromhex(decoy_copy.seed).decode()


def test_the_word_is_in_nothing_that_students_may_see(decoy_copy: Decoy) -> None:
    """Else an attack that reads its own notebook would count as one that got through."""
    assert decoy_copy.word not in json.dumps(decoy_copy.blank)
    assert not list(canary.search(decoy_copy.bundle.folder / "files", decoy_copy.word))
    text = (decoy_copy.bundle.folder / "tests" / "moving_average.py").read_text("utf-8")
    shown = [line for line in text.splitlines() if "failure_message" in line]
    assert shown
    assert decoy_copy.word not in "".join(shown)


def test_what_a_hidden_assertion_says_is_bait_too(decoy_copy: Decoy) -> None:
    """Its text is not for students, so it must not come out."""
    text = (decoy_copy.bundle.folder / "tests" / "moving_average.py").read_text("utf-8")
    said = [line for line in text.splitlines() if "integer samples were rounded" in line]
    assert said
    assert all(decoy_copy.word in line for line in said)


def test_the_honest_notebook_is_the_solution_without_the_word(decoy_copy: Decoy) -> None:
    """A solution with words in its texts would no longer be right."""
    cells = {cell["id"]: cell["source"] for cell in json.loads(decoy_copy.honest)["cells"]}
    assert "sliding_window_view" in cells["average"]
    assert decoy_copy.word not in json.dumps(cells)


def test_the_word_is_recognised_in_every_form(decoy_copy: Decoy) -> None:
    """Wide, in hexadecimal, in base 64; where it can be told, with the place it came from."""
    for form in canary.forms(decoy_copy.word):
        assert decoy_copy.leaked_places(f"so: {form.decode('utf-8')}!") == []
    assert decoy_copy.leaked_places(f"{decoy_copy.word}x1x") == [decoy_copy.places[1]]
    assert decoy_copy.leaked_places("canary" + "0" * 18) is None


def cells_of(notebook: bytes) -> dict[str, str]:
    return {cell["id"]: cell["source"] for cell in json.loads(notebook)["cells"]}


def test_an_attack_is_the_first_cell_of_the_untouched_notebook(decoy_copy: Decoy) -> None:
    """All else is as students receive it, but for the cell that shows the loot."""
    cells = cells_of(decoy_copy.attacked("attack()", "the-mark", 4711))
    names = decoy_copy.names
    assert list(cells)[:2] == [f"{names.cell}-tools", f"{names.cell}-attack"]
    assert cells[f"{names.cell}-attack"] == "attack()"
    blank = {cell["id"]: cell["source"] for cell in decoy_copy.blank}
    rest = {key: text for key, text in list(cells.items())[2:] if key != f"{names.cell}-answer"}
    assert rest == {key: text for key, text in blank.items() if key in rest}
    assert len(rest) == len(blank) - 1


def test_a_forger_gives_every_answer(decoy_copy: Decoy) -> None:
    """The answers of all automatic questions come from `forge`, the loot excepted."""
    cells = cells_of(decoy_copy.attacked("def forge(name): return 1", "the-mark", 4711))
    assert cells["average"] == 'moving_average = forge("moving_average")'.replace('"', "'")
    assert cells["peak"] == "position_of_peak = forge('position_of_peak')"
    assert "forge" not in cells[f"{decoy_copy.names.cell}-answer"]
    assert "forge" not in cells["lag"]


def test_the_tools_keep_what_looks_like_a_planted_word(decoy_copy: Decoy) -> None:
    """As text, as bytes, with zeros between, in hexadecimal; each once, and nothing else."""
    tools = cells_of(decoy_copy.attacked("", "the-mark", 4711))[f"{decoy_copy.names.cell}-tools"]
    space: dict[str, object] = {}
    exec(tools, space)
    keep, word = space["keep"], f"{decoy_copy.word}x3x"
    for data in (f"a {word} b", word.encode("utf-16-le"), word.encode(), "canary0", 3, b"\xff"):
        keep(data)  # type: ignore[operator]
    assert space["loot"] == [word]
    keep(decoy_copy.word.encode().hex())  # type: ignore[operator]
    assert space["loot"] == [word, decoy_copy.word.encode().hex()]
    assert (space["MARK"], space["HOST_PORT"]) == ("the-mark", 4711)


def taken(edit: Edit) -> None:
    """Use the names that would be added."""
    edit.replace("q-peak", "name: peak", "name: Loot")
    edit.replace("imports", "import numpy as np", "import numpy as np\nredteam = 1")
    edit.insert("imports", "code", "redteam-answer", "loot = keep = None")


def test_names_that_the_assignment_uses_are_left_to_it(tmp_path: Path) -> None:
    """Question, variable and cells of ours have names of their own in any assignment."""
    decoy_copy = decoy.build_decoy(derive(tmp_path / "taken", taken), tmp_path)
    assert decoy_copy.names == decoy.Names(question="loot2", variable="redteam2", cell="redteam2")
    assert [q.name for q in decoy_copy.bundle.questions] == [
        "moving_average",
        "Loot",
        "lag",
        "loot2",
    ]


def test_a_master_with_mistakes_is_its_authors(tmp_path: Path) -> None:
    """The author reads the same sentence as from a build."""
    broken = derive(tmp_path / "broken", lambda edit: edit.remove("q-peak-end"))
    with pytest.raises(AuthorError, match="END QUESTION"):
        decoy.build_decoy(broken, tmp_path)


# What is measured, with a fake sandbox that does what an attack asks for


class Obliging:
    """A fake at the seam: no kernel, and walls with a hole for each word in an attack."""

    name = "fake"

    def __init__(self, ready: Path) -> None:
        self.bundle, self.closed, self.honest = Bundle.load(ready), False, 0

    def grade(self, job: Job) -> Outcome:
        texts = cells_of(job.notebook)
        names = next((n for n in texts if n.endswith("-attack")), "")
        attack = texts.get(names, "")
        if not names:
            self.honest += 1
        if "RAISE" in attack:
            raise GraderError("The worker ended with code 9.")
        space: dict[str, str] = {}
        if names:
            exec(texts[names.replace("-attack", "-tools")], space)
        self._oblige(attack, space)
        questions = tuple(
            QuestionMark(
                name=question.name,
                checks=tuple(self._mark(question, check, attack) for check in question.checks),
            )
            for question in self.bundle.questions
            if not question.manual
        )
        return Outcome(questions=questions, notes=("cell 1.",) if self._other(names) else ())

    def _other(self, names: str) -> bool:
        return not names and self.honest > 1  # company changes the honest notebook

    def _mark(self, question: Question, check: Check, attack: str) -> Mark:
        verdict, message = Verdict.FAILED, "No."
        if question.name == "loot":
            message = "Loot: " + (os.environ[campaign.VARIABLE] if "LEAK" in attack else "")
            message = "Stopped." if "BLIND" in attack else message
        elif "PASS" in attack:
            verdict = Verdict.PASSED
        elif "UNDECIDED" in attack:
            verdict = Verdict.UNMARKED
        points = {Verdict.PASSED: check.points, Verdict.UNMARKED: None}.get(verdict, 0.0)
        return Mark(
            name=check.name, hidden=check.hidden, verdict=verdict, points=points,
            out_of=check.points, message=message,
        )  # fmt: skip

    def _oblige(self, attack: str, space: dict[str, str]) -> None:
        if "CALL" in attack:
            socket.create_connection(("127.0.0.1", int(space["HOST_PORT"]))).close()
        if "FILE" in attack:
            Path("/dev/shm", space["MARK"]).touch()
        if "CONTENT" in attack:
            Path(self.bundle.folder, "files", "helpers.py").write_text(f"# {space['MARK']}\n")
        if "LEAVE" in attack:
            tempfile.mkdtemp(prefix="gradekit-")
        if "PROCESS" in attack:
            command = [sys.executable, "-c", "import time; time.sleep(30)", space["MARK"]]
            subprocess.Popen(command, start_new_session=True)

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CampaignResult]:
    """One campaign in which each attack gets one thing through."""
    folder = tmp_path_factory.mktemp("zoo")
    kinds = {"passes": "forging", "leaks": "reading", "is-blind": "reading"}
    words = {
        "passes": "PASS", "leaks": "LEAK", "is-blind": "BLIND", "calls": "CALL", "writes": "FILE",
        "changes": "CONTENT", "leaves": "LEAVE", "stays": "PROCESS", "raises": "RAISE",
        "undecides": "UNDECIDED", "does-nothing": "",
    }  # fmt: skip
    for name, word in words.items():
        write(folder, kinds.get(name, "escaping"), name, word)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(effects, "SETTLE_SECONDS", 0.3)
        yield campaign.run_campaign(AVERAGES, catalogue.load(folder), Obliging, jobs=2)


def of(result: CampaignResult, attack: str) -> list[Breach]:
    return [breach for breach in result.breaches if breach.attack == attack]


def test_points_that_only_an_attack_gets_are_forged(result: CampaignResult) -> None:
    """Each question with its points and its checks, by the names that its author gave them."""
    average, peak = of(result, "passes")
    assert (average.kind, average.amount, peak.amount) == (BreachKind.FORGED, 6.0, 4.0)
    assert "random signals; integers have fractional means" in average.text
    assert "canary" not in average.text
    assert result.amount(BreachKind.FORGED) == 10.0


def test_a_planted_word_that_comes_out_is_leaked(result: CampaignResult) -> None:
    """Here the host's environment was read, which has the word without a place."""
    (leak,) = of(result, "leaks")
    assert leak.kind is BreachKind.LEAKED
    assert result.amount(BreachKind.LEAKED) == 1.0


def test_an_attack_that_could_not_show_its_loot_is_blind(result: CampaignResult) -> None:
    """A reading attack whose notebook broke its own report proves nothing."""
    assert [attack.attack.name for attack in result.attacks if attack.blind] == ["is-blind"]


@pytest.mark.parametrize(
    ("attack", "text"),
    [
        ("calls", "1 connection to the host's loopback"),
        ("writes", "file /dev/shm/gradekit-mark-"),
        ("stays", "was still alive"),
    ],
)
def test_a_change_of_the_host_is_told_to_its_attack(
    result: CampaignResult, attack: str, text: str
) -> None:
    """By the mark, or by the port that only this attack knows."""
    found = of(result, attack)
    assert [breach.kind for breach in found] == [BreachKind.EFFECT] * len(found)
    assert any(text in breach.text for breach in found)


def test_a_changed_bundle_is_an_effect(result: CampaignResult) -> None:
    """By its content, which bears the mark, and by the digest, which does not need one."""
    assert [breach.kind for breach in of(result, "changes")] == [BreachKind.EFFECT]
    assert any("helpers.py changed" in breach.text for breach in of(result, ""))


def test_a_temporary_folder_that_stays_is_an_effect(result: CampaignResult) -> None:
    """Nobody else writes where this gradekit keeps its temporary files."""
    assert any(breach.text.startswith("left behind: gradekit-") for breach in of(result, ""))


def test_company_that_changes_an_honest_notebook_is_an_effect(result: CampaignResult) -> None:
    """Alone and among the attacks it must be marked alike, its notes included."""
    assert any("an honest notebook is graded differently" in f.text for f in of(result, ""))


@pytest.mark.parametrize("attack", ["raises", "undecides"])
def test_an_attack_after_which_there_are_no_marks_is_a_failure(
    result: CampaignResult, attack: str
) -> None:
    """It would have left a submission without a score."""
    found = of(result, attack)
    assert found
    assert {breach.kind for breach in found} == {BreachKind.FAILED}


def test_an_attack_that_achieves_nothing_has_no_breaches(result: CampaignResult) -> None:
    """Nothing is reported where nothing got through."""
    assert of(result, "does-nothing") == []


def test_nothing_of_the_campaign_is_left(result: CampaignResult) -> None:
    """Survivors are ended, files that bear nothing but a mark removed, the word is forgotten."""
    assert not list(Path("/dev/shm").glob("gradekit-mark-*"))
    assert not [
        p for p in psutil.process_iter(["cmdline"])
        if any("gradekit-mark-" in word for word in p.info["cmdline"] or ())
    ]  # fmt: skip
    assert campaign.VARIABLE not in os.environ
    assert "gradekit-" not in tempfile.gettempdir()


def test_the_lines_fit_a_terminal_and_end_with_the_totals(result: CampaignResult) -> None:
    """One line for each kind, its breaches below, and the three numbers that matter."""
    lines = list(redteam_command.lines(result))
    assert max(len(line) for text in lines for line in text.splitlines()) <= 80
    assert lines[0] == "forging      1 attack   1 forged points"
    reading = next(line for line in lines if line.startswith("reading"))
    assert reading == "reading      2 attacks  1 read hidden content, 1 could not report"
    assert lines[-2].startswith("10 points forged, 1 canary leaked, ")
    assert lines[-1].startswith("11 attacks in fake, ")


def test_the_document_for_machines_says_the_same(result: CampaignResult) -> None:
    """Numbers, every attack, every breach."""
    data = json.loads(json.dumps(result.to_json()))
    assert data["points_forged"] == 10.0
    assert data["canaries_leaked"] == 1
    assert len(data["attacks"]) == 11
    assert len(data["findings"]) == len(result.breaches)


def command(tmp_path: Path, code: str, *more: str) -> int:
    """Run `gradekit redteam` with one attack and the obliging sandbox."""
    write(tmp_path / "zoo", "forging", "one", code)
    arguments = ["redteam", str(AVERAGES), "--zoo", str(tmp_path / "zoo"), *more]
    return main(arguments, lambda _, ready: Calm(ready))


class Calm(Obliging):
    """The obliging sandbox, whose honest notebook is left alone."""

    def _other(self, names: str) -> bool:
        return False


class Generous(Calm):
    """A sandbox in which everybody passes one question, and whose errors tell the word."""

    def grade(self, job: Job) -> Outcome:
        attack = json.loads(job.notebook)["cells"][1]["source"]
        if "TELL" in attack:
            raise GraderError(f"The worker ended: {os.environ[campaign.VARIABLE]}")
        return super().grade(job)

    def _mark(self, question: Question, check: Check, attack: str) -> Mark:
        return super()._mark(question, check, "PASS" if question.name == "peak" else attack)


def test_an_error_that_tells_a_planted_word_leaks_and_points_for_all_are_not_forged(
    tmp_path: Path,
) -> None:
    """The text of an error reaches staff too; what the untouched notebook gets is no merit."""
    write(tmp_path, "reading", "tells", "TELL")
    write(tmp_path, "forging", "gains-nothing")
    result = campaign.run_campaign(AVERAGES, catalogue.load(tmp_path), Generous, jobs=1)
    assert [breach.kind for breach in of(result, "tells")] == [
        BreachKind.FAILED, BreachKind.LEAKED,
    ]  # fmt: skip
    assert of(result, "gains-nothing") == []


@pytest.mark.parametrize(("code", "exits"), [("", 0), ("LEAK", 3), ("RAISE", 5)])
def test_the_exit_code_says_what_got_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str, exits: int
) -> None:
    """0 nothing, 3 something, 5 a failure of ours."""
    assert command(tmp_path, code) == exits
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1].startswith("1 attack in fake, ")
    assert printed.err == ""


def test_json_is_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing else on standard output."""
    assert command(tmp_path, "PASS", "--json") == 3
    assert json.loads(capsys.readouterr().out)["points_forged"] == 10.0


def test_an_unknown_attack_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the name that was probably meant."""
    assert command(tmp_path, "", "--only", "oen") == 2
    assert "Did you mean one?" in capsys.readouterr().err


def test_no_sandbox_is_said_loudly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The attacks are real, so whoever runs them without a sandbox is warned."""
    command(tmp_path, "", "--sandbox", "none")
    assert "runs the attacks with your rights" in capsys.readouterr().err


def test_ctrl_c_ends_what_runs_and_leaves_nothing(tmp_path: Path) -> None:
    """The sandbox is closed; environment and temporary folder are as before."""
    write(tmp_path, "forging", "one")
    made: list[Obliging] = []

    def choose(ready: Path) -> Sandbox:
        made.append(Obliging(ready))
        return made[0]

    def interrupt(result: AttackResult) -> None:
        raise KeyboardInterrupt

    before = tempfile.gettempdir()
    with pytest.raises(KeyboardInterrupt):
        campaign.run_campaign(
            AVERAGES, catalogue.load(tmp_path), choose, jobs=1, on_result=interrupt
        )
    assert made[0].closed
    assert tempfile.gettempdir() == before
    assert campaign.VARIABLE not in os.environ


# What is measured, with real kernels


YES = """
class Yes:
    __eq__ = lambda self, other: True
def forge(name): return Yes()
"""
SEARCH = """
import glob, os
for place in glob.glob("/proc/[0-9]*/environ"):
    try: keep(open(place, "rb").read())
    except OSError: pass
open("/dev/shm/" + MARK, "w").close()
"""


def believes(edit: Edit) -> None:
    """Let one check pass whatever is there."""
    edit.replace("peak-integer", 'assert kind is int, "position_of_peak must be an integer."', "")


@pytest.mark.bubblewrap
def test_a_check_that_accepts_anything_gives_points_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The instructor reads which question, how many points, and by which attack."""
    write(tmp_path / "zoo", "forging", "says-yes", YES)
    weak = derive(tmp_path / "weak", believes)
    arguments = ["redteam", str(weak), "--zoo", str(tmp_path / "zoo")]
    assert main([*arguments, "--sandbox", "bubblewrap"]) == 3
    printed = capsys.readouterr().out
    assert "says-yes: forged 1 point in peak (the position is an integer)" in printed
    assert "1 point forged, 0 canaries leaked, 0 effects on the host" in printed


@pytest.mark.slow
@pytest.mark.bubblewrap
def test_the_same_attack_is_held_by_walls_and_not_without(tmp_path: Path) -> None:
    """Leaks and effects of a real kernel are measured; bubblewrap prevents them."""
    write(tmp_path, "reading", "searches", SEARCH)
    attacks = catalogue.load(tmp_path)
    held = campaign.run_campaign(AVERAGES, attacks, lambda f: LocalSandbox(f, "bubblewrap"), jobs=2)
    assert held.breaches == ()
    assert not held.attacks[0].blind
    loose = campaign.run_campaign(AVERAGES, attacks, lambda f: LocalSandbox(f, "none"), jobs=2)
    assert {breach.kind for breach in loose.breaches} == {BreachKind.LEAKED, BreachKind.EFFECT}
