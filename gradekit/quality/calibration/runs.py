"""The runs of a calibration, each one kept as soon as it is done.

A hundred trainings of three networks take most of an hour, so a calibration must not
begin again when it is stopped. Every run is one line of a JSON-lines file under the
digest of the recipe's setup; the same command skips what is there and goes on. A line
that was cut off by a crash is dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Found = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement to make: of a right answer, or of a baseline where it has a name."""

    bar: str
    baseline: str | None
    seed: int


class Runs:
    """The file of what was measured under one setup.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    setup : mapping
        What the numbers depend on beside the seeds; another setup has another file.
    """

    def __init__(self, folder: Path, setup: Mapping[str, Any]) -> None:
        text = json.dumps(setup, sort_keys=True)
        self.digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.path = folder / f"runs-{self.digest}.jsonl"
        self._found: dict[Run, Found] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._load()

    def _load(self) -> None:
        """Read the lines that are whole; drop what a crash left of the last one."""
        lines = self.path.read_bytes().splitlines(keepends=True) if self.path.exists() else []
        whole = [line for line in lines if line.endswith(b"\n")]
        if len(whole) < len(lines):
            self.path.write_bytes(b"".join(whole))
        for line in whole:
            entry = json.loads(line)
            self._found[Run(entry["bar"], entry["baseline"], entry["seed"])] = entry["found"]

    def missing(self, wanted: Sequence[Run]) -> list[Run]:
        """Return the runs that were not made yet, in order."""
        return [run for run in wanted if run not in self._found]

    def keep(self, made: Iterable[tuple[Run, Found]]) -> Iterator[Run]:
        """Take runs with what was found as they are made; yield each one when it is kept."""
        for run, result in made:
            found = {name: float(value) for name, value in result.items()}
            entry = {"bar": run.bar, "baseline": run.baseline, "seed": run.seed, "found": found}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
            self._found[run] = found
            yield run

    def values(
        self, bar: str, baseline: str | None, seeds: Sequence[int], name: str
    ) -> list[float]:
        """Return what was found under `name`, in the order of the seeds."""
        return [self._found[Run(bar, baseline, seed)][name] for seed in seeds]

    def names(self, bar: str, baseline: str | None, seed: int) -> list[str]:
        """Return what a run measured, by name."""
        return list(self._found[Run(bar, baseline, seed)])
