"""The log of a calibration: each run is written as soon as it has ended.

A hundred trainings of three networks take most of an hour, so a calibration must not
begin again when it was stopped. Every run is one line of a JSON-lines file, whose name
has the digest of the experiment's setup; the same command skips the runs in the file
and continues. A line that was cut off by a crash is dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradekit.core.errors import GraderError
from gradekit.core.files import not_written, replace_file

Measurements = Mapping[str, float]  # accuracies by data set, or rounding errors by cause


@dataclass(frozen=True, slots=True)
class Run:
    """One training from one seed: of a reference solution, or of a weak baseline."""

    reference: str  # whose thresholds the run is for
    baseline: str | None  # None for the reference solution itself
    seed: int


class RunLog:
    """The file of all runs under one setup.

    Parameters
    ----------
    folder : Path
        It is created if it is missing.
    setup : mapping
        What the numbers depend on besides the seeds; another setup has another file.

    Raises
    ------
    GraderError
        If the folder or the file cannot be written.
    """

    def __init__(self, folder: Path, setup: Mapping[str, Any]) -> None:
        text = json.dumps(setup, sort_keys=True)
        self.digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.path = folder / f"runs-{self.digest}.jsonl"
        self._measurements: dict[Run, Measurements] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GraderError(not_written(folder, error)) from error
        self._load()

    def _load(self) -> None:
        """Read the complete lines; drop what a crash left of the last one."""
        lines = self.path.read_bytes().splitlines(keepends=True) if self.path.exists() else []
        complete = [line for line in lines if line.endswith(b"\n")]
        if len(complete) < len(lines):
            # Else the next run would be appended to the half line, and both would be lost.
            replace_file(self.path, b"".join(complete))
        for line in complete:
            entry = json.loads(line)
            # "bar" is what the threshold was called when the first logs were written.
            run = Run(entry["bar"], entry["baseline"], entry["seed"])
            self._measurements[run] = entry["found"]

    def missing(self, runs: Sequence[Run]) -> list[Run]:
        """Return the runs that are not in the log, in order."""
        return [run for run in runs if run not in self._measurements]

    def record(self, results: Iterable[tuple[Run, Measurements]]) -> Iterator[Run]:
        """Append runs as they end; yield each one when it is in the file.

        Raises
        ------
        GraderError
            If the file cannot be written. The runs before that are in it.
        """
        for run, result in results:
            measurements = {name: float(value) for name, value in result.items()}
            entry = {
                "bar": run.reference,
                "baseline": run.baseline,
                "seed": run.seed,
                "found": measurements,
            }
            try:
                # Opened for each run: what was written is then safe from a crash of this process.
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry) + "\n")
            except OSError as error:
                raise GraderError(not_written(self.path, error)) from error
            self._measurements[run] = measurements
            yield run

    def values(
        self, reference: str, baseline: str | None, seeds: Sequence[int], name: str
    ) -> list[float]:
        """Return what was measured under `name`, in the order of the seeds."""
        return [self._measurements[Run(reference, baseline, seed)][name] for seed in seeds]

    def names(self, reference: str, baseline: str | None, seed: int) -> list[str]:
        """Return the names under which a run measured something."""
        return list(self._measurements[Run(reference, baseline, seed)])
