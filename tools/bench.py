"""How fast a class is graded, beside Otter and beside nothing but the computation.

    python tools/bench.py [--quick] [--rounds N] [--write FILE]

Not a test. A round takes one notebook of the sample class that its author could have
handed in, makes one copy for each core, all of other bytes, and has the copies graded by
ours, run as bare scripts, and graded by Otter, as many at a time as there are cores. So
what is compared ran within the same minutes, which matters on a machine that is not
alone. Then: what a regrade of 200 after a changed check costs, all of them files that
were graded here, under many names; and a class of 1,000 that was graded before.
`ways` says what the three ways are. Docker must answer.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import psutil
import ways

from gradekit.core.marks import Outcome
from gradekit.grading.grader import Grader
from gradekit.grading.journal import Journal
from gradekit.grading.results import Results
from gradekit.sandbox.prepare import prepare_bundle

REPOSITORY = Path(__file__).parent.parent
BUNDLE = REPOSITORY / "autograder"
SUBMISSIONS = REPOSITORY / "tests" / "submissions"
ROUNDS = ("perfect", "Exercise 9 (copy), final", "half-done")
WAYS = ("ours", "bare", "otter")
MANY, FEW = 1000, 100
REGRADED = 200
CHANGED = "y_by_hand"  # the question whose check is changed before the regrade


@dataclass
class Figures:
    """What was measured; seconds."""

    cores: int
    walls: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    notebooks: list[str] = field(default_factory=list)
    points: list[dict[str, float | None]] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    split: dict[str, float] = field(default_factory=dict)
    regrade: float | None = None
    remembered: dict[int, tuple[float, float]] = field(default_factory=dict)  # seconds, MiB

    def ratio(self, over: str, under: str) -> float:
        """Return how many times as long one way took as another, over all rounds."""
        return sum(self.walls[over]) / sum(self.walls[under])

    def per_hour(self, way: str) -> float:
        """Return the notebooks that a way comes to the end of in an hour."""
        return 3600 * self.cores * len(self.walls[way]) / sum(self.walls[way])


def measured(rounds: Sequence[str], figures: Figures, folder: Path) -> None:
    """Measure everything, and say on the way how far it is."""
    ready = prepare_bundle(BUNDLE)
    klass, results = folder / "class", folder / "results"
    klass.mkdir()
    with Journal(results) as journal:
        ours = ways.Ours(BUNDLE, ready, journal, say)
        all_ways = {"ours": ours, "bare": ways.Bare(ready), "otter": ways.Otters(ready, say)}
        for name in rounds:
            one_round(SUBMISSIONS / f"{name}.ipynb", all_ways, figures, klass)
        compare(all_ways["ours"], all_ways["otter"], figures)
        start = time.monotonic()
        figures.split = ours.split(SUBMISSIONS / f"{rounds[0]}.ipynb")
        figures.split["all"] = time.monotonic() - start
    figures.regrade = regrade(klass, results, ready, folder)
    outcome = Outcome(questions=next(iter(ours.reports.values())).questions)
    for count in (FEW, MANY):
        figures.remembered[count] = remembered(count, ours, outcome, folder)


def one_round(
    notebook: Path, all_ways: dict[str, Callable[[Path], float | None]], figures: Figures,
    klass: Path,
) -> None:  # fmt: skip
    """Take copies of one notebook through all the ways, one copy for each core."""
    copies = ways.copies(notebook, klass, figures.cores, f"round {len(figures.notebooks) + 1}")
    figures.notebooks.append(notebook.stem)
    figures.points.append({})
    for way, go in all_ways.items():
        start = time.monotonic()
        with ThreadPoolExecutor(figures.cores) as pool:
            points = list(pool.map(go, copies))
        figures.walls[way].append(time.monotonic() - start)
        figures.points[-1][way] = points[0]
        say(f"{notebook.stem}, {way}: {figures.walls[way][-1]:.1f} s, points {points}")


def compare(ours: ways.Ours, otter: ways.Otters, figures: Figures) -> None:
    """Note every question that Otter marks otherwise."""
    for stem, report in ours.reports.items():
        for question in report.questions:
            theirs = otter.questions[stem].get(question.name)
            if theirs is None or abs(theirs - (question.points or 0)) > 1e-6:
                figures.differences.append(
                    f"{stem}, {question.name}: ours {question.points:g}, Otter {theirs}"
                )


def regrade(klass: Path, results: Path, ready: Path, folder: Path) -> float | None:
    """Return the seconds of a regrade after a changed check, or None without that command."""
    if subprocess.run(
        [*GRADEKIT, "regrade", "--help"], capture_output=True, check=False
    ).returncode:
        return None
    many = folder / "many"
    many.mkdir()
    files = sorted(klass.iterdir())
    for number in range(REGRADED):  # a recording is found by a file's bytes, so each has one
        shutil.copy(files[number % len(files)], many / f"{number}.ipynb")
    changed = folder / "changed"
    shutil.copytree(BUNDLE, changed)
    check = changed / "tests" / f"{CHANGED}.py"
    check.write_text(check.read_text("utf-8") + "\n# changed\n", "utf-8")
    path = changed / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"][f"tests/{CHANGED}.py"] = hashlib.sha256(check.read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest, indent=1), "utf-8")
    prepare_bundle(changed)  # making a data set is the same for grading
    options = ["--bundle", str(changed), "--results", str(results), "--sandbox", "docker"]
    return run([*GRADEKIT, "regrade", str(many), *options, "--dry-run"])[0]


def remembered(count: int, ours: ways.Ours, outcome: Outcome, folder: Path) -> tuple[float, float]:
    """Return the seconds and the peak MiB of a class that was graded before."""
    say(f"a class of {count} that was graded before")
    klass, results = folder / f"class of {count}", folder / f"results of {count}"
    klass.mkdir()
    made = ways.copies(SUBMISSIONS / "perfect.ipynb", klass, count, "of many")
    sandbox = ways.Remembering(ours.sandbox, outcome)
    handins = ways.handins(klass)
    assert len(handins) == len(made)
    with Journal(results) as journal:
        grader = Grader(bundle=ours.grader.bundle, sandbox=sandbox, journal=journal)
        reports = Results(results, [handin.id for handin in handins])
        for handin in handins:
            reports.save(grader.grade(handin).report)
    options = ["--bundle", str(BUNDLE), "--results", str(results), "--sandbox", "docker"]
    return run([*GRADEKIT, "grade", str(klass), *options])


GRADEKIT = [sys.executable, "-m", "gradekit"]


def run(command: Sequence[str]) -> tuple[float, float]:
    """Run a command; return its seconds and the MiB that its process had at most."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stdout=words, stderr=words)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            words.seek(0)
            raise RuntimeError(f"{command}: {words.read()[-2000:].decode(errors='replace')}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def page(figures: Figures) -> Iterator[str]:
    """Yield the lines of the report, in Markdown."""
    yield "# Benchmarks"
    yield ""
    yield "`make bench` writes this page. `tools/bench.py` explains what is measured and how."
    yield ""
    yield f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, {machine()}."
    yield ""
    rounds = len(figures.notebooks)
    yield f"{figures.cores} notebooks ran at a time, one for each core, in {rounds} rounds."
    yield "*Bare compute* runs the cells of the same notebooks as a script, without grading."
    yield ""
    yield "| | notebooks per hour | per core | seconds of each round |"
    yield "|---|---|---|---|"
    names = {"ours": "gradekit, Docker", "bare": "bare compute", "otter": "Otter, Docker"}
    for way, name in names.items():
        hour, walls = figures.per_hour(way), ", ".join(f"{w:.1f}" for w in figures.walls[way])
        yield f"| {name} | {hour:.0f} | {hour / figures.cores:.0f} | {walls} |"
    yield ""
    yield f"* Throughput, gradekit / Otter: **{figures.ratio('otter', 'ours'):.1f}**"
    yield f"* Time, gradekit / bare compute: **{figures.ratio('ours', 'bare'):.2f}**"
    yield from regraded(figures)
    yield from cached(figures)
    yield ""
    yield "| round | time, gradekit / bare | time, Otter / gradekit | points | points, Otter |"
    yield "|---|---|---|---|---|"
    for name, points, ours, bare, otter in zip(
        figures.notebooks, figures.points, *figures.walls.values(), strict=True
    ):
        marks = f"{points['ours']:g} | {points['otter']:g}"
        yield f"| {name} | {ours / bare:.2f} | {otter / ours:.1f} | {marks} |"
    yield ""
    yield from figures.differences or [
        "Otter and gradekit gave the same points for every question."
    ]
    yield ""
    yield f"Seconds that one submission ({figures.notebooks[0]}) takes when it runs alone:"
    yield ""
    for stage, seconds in figures.split.items():
        if isinstance(seconds, float):
            yield f"* {stage}: {seconds:.2f}"


def regraded(figures: Figures) -> Iterator[str]:
    if figures.regrade is None:
        return
    share = figures.regrade * figures.per_hour("ours") / 3600 / REGRADED
    seconds = f"{figures.regrade:.1f} s, {share:.1%} of the time that grading them takes"
    yield f"* Regrade of {REGRADED} submissions after a changed check: {seconds}"


def cached(figures: Figures) -> Iterator[str]:
    for count, (seconds, mebibytes) in figures.remembered.items():
        cost = f"{seconds:.1f} s, {mebibytes:.0f} MiB at most"
        yield f"* Repeated run over {count:,} submissions that were graded before: {cost}"


def machine() -> str:
    """Return what these numbers were measured on."""
    text = Path("/proc/cpuinfo").read_text("utf-8") if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    memory = psutil.virtual_memory().total >> 30
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("torch", "otter-grader"))
    model = models[0] if models else platform.machine()
    python = f"Python {platform.python_version()}"
    return f"{model}, {psutil.cpu_count()} cores, {memory} GiB, {python}, {versions}"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, and write the report."""
    parser = argparse.ArgumentParser(description="How fast a class is graded.")
    parser.add_argument("--quick", action="store_true", help="one round, the shortest")
    parser.add_argument("--rounds", type=int, default=len(ROUNDS), help="how many (default: all)")
    parser.add_argument("--write", type=Path, help="also write the report to this file")
    given = parser.parse_args()
    rounds = ROUNDS[-1:] if given.quick else [ROUNDS[n % len(ROUNDS)] for n in range(given.rounds)]
    figures = Figures(cores=len(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory(prefix="gradekit-bench-") as folder:
        measured(rounds, figures, Path(folder))
    text = "\n".join(page(figures)) + "\n"
    sys.stdout.write(text)
    if given.write:
        given.write.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
