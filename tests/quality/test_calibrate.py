"""Thresholds follow from seeds: safe by a stated model, equal every time, never begun twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradekit.cli import main
from gradekit.core.errors import GraderError
from gradekit.quality.calibration import tail_models
from gradekit.quality.calibration.experiment import load_experiment
from gradekit.quality.calibration.run_log import Run, RunLog
from gradekit.quality.calibration.thresholds import RISK, rounded_up

EXERCISE = Path(__file__).parents[2] / "assignment"

# An exercise without a network: accuracies are drawn, so their distribution is known.
CALIBRATION = '''"""A made-up exercise."""
import math, pathlib, random

HERE = pathlib.Path(__file__).parent

def drawn(mean, spread):
    def accuracy(seed):
        count = HERE / "count"  # a byte for each run, whichever process makes it
        done = count.stat().st_size if count.exists() else 0
        if (HERE / "fail_at").exists() and done == int((HERE / "fail_at").read_text()):
            raise KeyboardInterrupt
        with count.open("a") as file:
            file.write(".")
        odds = random.Random(seed).gauss(mean, spread)
        return {"test": 1 / (1 + math.exp(-odds)), "holdout": 1 / (1 + math.exp(-odds - 0.2))}
    return accuracy

SECTION = "made up"
RIGHT = {"net": drawn(2.5, 0.15)}
WEAK = {"net": {"untrained": drawn(-2.2, 0.1), "nearly right": drawn(2.0, 0.2)}}
ROUNDING = {"logits": lambda seed: {"threads": 1e-7 * (1 + seed), "precision": 3e-7}}

def PUBLISH():
    (HERE / "published").write_text((HERE / "thresholds.json").read_text())

def setup():
    return {"rate": 0.1}
'''


@pytest.fixture
def exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An assignment with calibration.py; the working folder is beside it."""
    folder = tmp_path / "assignment"
    folder.mkdir()
    (folder / "calibration.py").write_text(CALIBRATION)
    (folder / "thresholds.json").write_text('{"about": "kept", "other": {"net": {"bar": 0.5}}}')
    monkeypatch.chdir(tmp_path)
    return folder


def calibrate(*options: str) -> int:
    return main(["calibrate", *options, *([] if "--jobs" in options else ["--jobs", "1"])])


def thresholds(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "thresholds.json").read_text())
    return found


def runs_made(folder: Path) -> int:
    return (folder / "count").stat().st_size


def test_a_threshold_is_safe_and_says_how_it_was_found(exercise: Path, capsys: Any) -> None:
    """Of answers drawn anew from the known distribution few enough fall below the threshold."""
    assert calibrate("--no-plot") == 0
    found = thresholds(exercise)["made up"]["net"]["test"]
    odds = np.random.default_rng(7).normal(2.5, 0.15, 100_000)
    assert (1 / (1 + np.exp(-odds)) < found["bar"]).mean() <= RISK
    assert found["bar"] < found["min"] < found["mean"]
    [log] = Path("build/calibration").iterdir()
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    right = [e["found"]["test"] for e in entries if e["bar"] == "net" and e["baseline"] is None]
    lowest = tail_models.accuracy(tail_models.threshold(tail_models.log_odds(right), RISK))
    assert 0 <= lowest - found["bar"] < 0.01, "rounded down to a hundredth, never up"
    assert all(entry["estimate"] <= RISK for entry in found["false_fail"].values())
    for entry in found["false_fail"].values():
        low, high = entry["interval"]
        assert low <= entry["estimate"] <= high
    assert found["without_a_model_at_most"] == pytest.approx(0.0295)
    assert found["power"]["untrained"] == {
        "mean": pytest.approx(0.1, abs=0.02),
        "max": pytest.approx(0.12, abs=0.03),
        "below": 20,
        "of": 20,
        "share": 1.0,
        "low": 0.8316,
        "high": 1.0,
    }
    assert found["power"]["nearly right"]["below"] < 20
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert "untrained" in printed


def test_where_the_numbers_came_from_stands_beside_them(exercise: Path) -> None:
    """Seeds, versions and the experiment's setup are in the file; other sections are kept."""
    assert calibrate("--no-plot", "--seeds", "30", "--weak-seeds", "6") == 0
    found = thresholds(exercise)
    assert found["about"] == "kept"
    assert found["other"] == {"net": {"bar": 0.5}}
    assert json.loads((exercise / "published").read_text()) == found
    assert found["made up"]["setup"] == {"rate": 0.1}
    provenance = found["made up"]["provenance"]
    assert (provenance["seeds"], provenance["weak_seeds"]) == ("0 to 29", "0 to 5")
    assert {"date", "runs", "risk", "python", "numpy", "scipy"} <= provenance.keys()


def test_a_tolerance_is_the_largest_error_with_a_margin(exercise: Path) -> None:
    """Of twenty seeds the largest error is 2e-6; ten times as much is allowed, rounded up."""
    assert calibrate("--no-plot", "--seeds", "20", "--weak-seeds", "6") == 0
    found = thresholds(exercise)["rounding"]["logits"]
    assert found["tolerance"] == 2e-5
    assert found["largest"] == {"threads": 2e-6, "precision": 3e-7}


def test_a_calibration_goes_on_where_it_was_stopped(exercise: Path) -> None:
    """What was stopped in the middle ends with the bytes of an undisturbed run, at no more cost."""
    few = ("--no-plot", "--seeds", "20", "--weak-seeds", "5")
    (exercise / "fail_at").write_text("17")
    assert calibrate(*few) == 130
    assert runs_made(exercise) == 17
    (exercise / "fail_at").unlink()
    [kept] = Path("build/calibration").iterdir()
    with kept.open("a") as file:
        file.write('{"bar": "net", "basel')  # a crash in the middle of a line
    assert calibrate(*few) == 0
    assert runs_made(exercise) == 20 + 2 * 5
    resumed = (exercise / "thresholds.json").read_bytes()
    assert calibrate(*few) == 0
    assert runs_made(exercise) == 30
    kept.unlink()
    assert calibrate(*few) == 0
    assert (exercise / "thresholds.json").read_bytes() == resumed


def test_two_at_a_time_find_what_one_finds(exercise: Path) -> None:
    """The same runs, each made once, and the same bytes in the end."""
    few = ("--no-plot", "--seeds", "20", "--weak-seeds", "5")
    assert calibrate(*few, "--jobs", "2") == 0
    assert runs_made(exercise) == 30
    together = (exercise / "thresholds.json").read_bytes()
    [kept] = Path("build/calibration").iterdir()
    kept.unlink()
    assert calibrate(*few) == 0
    assert (exercise / "thresholds.json").read_bytes() == together


def test_runs_under_another_setup_are_not_mixed(tmp_path: Path) -> None:
    """Another rate or another data set begins anew."""
    run = Run("net", None, 0)
    first = RunLog(tmp_path, {"rate": 0.1})
    assert list(first.record([(run, {"test": 0.9})])) == [run]
    assert RunLog(tmp_path, {"rate": 0.1}).missing([run]) == []
    assert RunLog(tmp_path, {"rate": 0.2}).missing([run]) == [run]


def test_thresholds_that_cannot_be_written_leave_the_authors_file(
    exercise: Path, capsys: Any
) -> None:
    """A folder in the place of the draft stands for a full disk: a sentence, and the old bytes."""
    before = (exercise / "thresholds.json").read_bytes()
    (exercise / ".thresholds.json.new").mkdir()
    assert calibrate("--no-plot", "--seeds", "20", "--weak-seeds", "5") == 5
    assert "thresholds.json: could not be written" in capsys.readouterr().err
    assert (exercise / "thresholds.json").read_bytes() == before
    assert not (exercise / "published").exists()


def test_a_log_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """The file that is in the way is named, not an errno."""
    log = RunLog(tmp_path, {})
    log.path.mkdir()
    with pytest.raises(GraderError, match=r"runs-\w+\.jsonl: could not be written"):
        list(log.record([(Run("net", None, 0), {"test": 0.9})]))


def test_fresh_seeds_that_miss_a_threshold_break_its_promise(exercise: Path, capsys: Any) -> None:
    """A threshold at the mean fails half of the fresh seeds, and the command says so."""
    assert calibrate("--no-plot", "--seeds", "20", "--weak-seeds", "5") == 0
    assert calibrate("--check", "25") == 0
    assert "net test" in capsys.readouterr().out
    found = thresholds(exercise)
    found["made up"]["net"]["test"]["bar"] = 0.92
    (exercise / "thresholds.json").write_text(json.dumps(found))
    before = runs_made(exercise)
    assert calibrate("--check", "25") == 3
    assert "net test. Calibrate with more --seeds" in capsys.readouterr().err
    assert runs_made(exercise) == before, "fresh seeds are kept too"


def test_the_picture_is_a_picture(exercise: Path) -> None:
    """A PNG, whose size does not depend on the number of dots."""
    assert calibrate("--seeds", "20", "--weak-seeds", "5") == 0
    data = (exercise / "calibration.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (1100, 580)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "there is no such file"),
        ("SECTION = 1 / 0", "stopped with ZeroDivisionError"),
        ("def setup():\n    return {}\n", "does not define 'SECTION'"),
    ],
)
def test_an_experiment_that_cannot_be_used_is_the_authors_to_mend(
    exercise: Path, capsys: Any, text: str | None, sentence: str
) -> None:
    """The sentence names the file and what to do; no traceback."""
    path = exercise / "calibration.py"
    path.unlink() if text is None else path.write_text(text)
    assert calibrate() == 3
    assert sentence in capsys.readouterr().err


def test_the_experiment_of_the_exercise_can_be_run() -> None:
    """The thresholds belong to it, equal seeds give equal runs, tolerances hold on another seed."""
    pytest.importorskip("sklearn")
    experiment = load_experiment(EXERCISE)
    found = thresholds(EXERCISE)
    if experiment.section == "digits":  # not where the real MNIST lies in assignment/data
        assert found["digits"]["setup"] == json.loads(json.dumps(experiment.setup))
    assert set(found["rounding"]) == set(experiment.rounding)
    assert experiment.weak.keys() == experiment.right.keys()
    once, again = (experiment.weak["fc"]["untrained"](3) for _ in range(2))
    assert once == again
    assert max(once.values()) < 0.2
    errors = experiment.rounding["weights after training"](1_003)
    assert max(errors.values()) <= found["rounding"]["weights after training"]["tolerance"]


def test_an_exponential_tail_is_found_again() -> None:
    """From a known tail the 1-in-10,000 quantile comes out within a tenth."""
    odds = np.random.default_rng(3).exponential(0.2, 4000)
    fitted = tail_models.Exponential.fitted(odds)
    assert fitted.scale == pytest.approx(0.2, rel=0.1)
    assert fitted.quantile(1e-4) == pytest.approx(0.2 * np.log(1e4), rel=0.1)
    assert fitted.beyond(fitted.quantile(1e-4)) == pytest.approx(1e-4)
    shape, low, high = tail_models.shape(odds)
    assert low < shape < high
    assert low < 0 < high


def test_fewer_seeds_give_a_lower_threshold() -> None:
    """What is known less well is promised with more distance."""
    draws = np.random.default_rng(11)
    few, many = (
        np.mean([tail_models.threshold(draws.normal(-2.5, 0.15, count), RISK) for _ in range(200)])
        for count in (25, 400)
    )
    assert few > many + 0.1
    odds = draws.normal(-2.5, 0.15, 100)
    fitted = tail_models.Exponential.fitted(odds)
    assert fitted.cautious().scale / fitted.scale == pytest.approx(1.509, abs=0.001)


def test_the_lower_of_two_thresholds_is_taken() -> None:
    """A worst fifth of almost equal seeds promises too much; the normal model lowers it."""
    odds = np.concatenate([np.linspace(-4.0, -2.1, 80), np.linspace(-2.01, -2.0, 20)])
    normal = tail_models.Normal.fitted(odds).quantile(RISK)
    tail = tail_models.Exponential.fitted(odds).cautious().quantile(RISK)
    assert tail_models.accuracy(normal) < tail_models.accuracy(tail) - 0.2
    assert tail_models.threshold(odds, RISK) == normal
    heavy = np.random.default_rng(5).pareto(1.5, 400)  # and here the tail's is the lower one
    steep = tail_models.Exponential.fitted(heavy).cautious().quantile(RISK)
    assert tail_models.threshold(heavy, RISK) == steep
    assert steep > tail_models.Normal.fitted(heavy).quantile(RISK)


def test_a_heavy_tail_is_called_heavy() -> None:
    """Its shape lies above that of an exponential tail, and a normal model is surprised."""
    odds = np.random.default_rng(5).pareto(1.5, 400)
    assert tail_models.shape(odds)[1] > 0
    assert tail_models.surprise(tail_models.Normal.fitted(odds), odds) < 1e-6


def test_a_tolerance_is_a_round_number() -> None:
    """1, 2 or 5 times a power of ten, and never below what was measured."""
    for value in (1e-5, 1.01e-5, 2e-5, 4.9e-5, 5.1e-5, 9.99e-5):
        assert rounded_up(value) >= value
        assert f"{rounded_up(value):.0e}"[0] in "125"
