"""Turn a master into `student/`, `solutions/` and `autograder/`.

Otter Assign parses and splits; this sorts the result into three folders,
gives equal content equal bytes, and puts all three in place together or none.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradekit.author.manifest import manifest, rubrics
from gradekit.author.master import Master, Question
from gradekit.author.master import master as masters
from gradekit.author.normalise import dumped, has_public, tidy
from gradekit.author.otter import assign, copy_listed
from gradekit.core import rubric
from gradekit.core.errors import AuthorError

FOLDERS = ("student", "solutions", "autograder")
DOCKERFILE = Path(__file__).parents[1] / "sandbox" / "Dockerfile"
TEMPLATE_LINES = ("@test_case(", '    success_message="')
SOLUTIONS_README = """\
Staff only. `{notebook}` with its answers, written by `gradekit build`; do not edit it here.
To run it, copy `student/` to a folder of its own and put this notebook in the place of the other.
"""


@dataclass(frozen=True, slots=True)
class Built:
    """The three folders of a build, below `root`."""

    root: Path
    master: Master
    manifest: dict[str, Any]

    @property
    def student(self) -> Path:
        """What students receive."""
        return self.root / "student"

    @property
    def solutions(self) -> Path:
        """What staff read."""
        return self.root / "solutions"

    @property
    def autograder(self) -> Path:
        """What grades."""
        return self.root / "autograder"

    @property
    def notebook(self) -> str:
        """The name of the notebook in `student` and `solutions`."""
        return self.master.path.name


def build_assignment(
    assignment: Path, destination: Path, accept: Callable[[Built], object] | None = None
) -> Built:
    """Write the three folders of an assignment, replacing those of an earlier build.

    Parameters
    ----------
    assignment : Path
        The master, or a folder with exactly one notebook.
    destination : Path
        The folder below which the three are written; made where it is missing.
    accept : callable, optional
        Called with the fresh build before it is put in place; it refuses by raising.

    Raises
    ------
    AuthorError
        If the master has mistakes, or a folder there is not from a build. Nothing is changed.
    """
    master = masters.read_master(assignment)
    destination.mkdir(parents=True, exist_ok=True)
    _refuse_foreign(destination)
    with _scratch(destination) as scratch:
        result = assign(master, scratch)
        fresh = scratch / "fresh"
        _write_student(master, result, fresh / "student")
        _write_solutions(master, result, fresh / "solutions")
        _write_bundle(master, result, fresh)
        contents = json.loads((fresh / "autograder" / "manifest.json").read_text("utf-8"))
        if accept is not None:
            accept(Built(fresh, master, contents))
        _swap(fresh, destination, scratch / "old")
    return Built(destination, master, contents)


@contextmanager
def _scratch(destination: Path) -> Iterator[Path]:
    """Lend a folder on the same disk, so that moving from it is one step."""
    with tempfile.TemporaryDirectory(prefix=".gradekit-", dir=destination) as name:
        (Path(name) / ".gitignore").write_text("*\n")  # git and linters pass it over
        yield Path(name).resolve()


def _refuse_foreign(destination: Path) -> None:
    """Refuse to replace folders that somebody wrote by hand."""
    there = [name for name in FOLDERS if _is_filled(destination / name)]
    if there and not (destination / "autograder" / "manifest.json").is_file():
        raise AuthorError(
            f"{destination / there[0]} was not written by gradekit, which would replace it. "
            "Move it away, or build into another folder."
        )


def _is_filled(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _write_student(master: Master, result: Path, folder: Path) -> None:
    """Write the notebook without answers, its public checks and the listed files."""
    copy_listed(master, list(master.files), folder)
    _write_text(folder / master.path.name, dumped(tidy(result / "student" / _name(master), master)))
    _copy_checks([q for q in master.questions if has_public(q)], result / "student", folder)
    _copy_beside(master, result, folder)
    readme = master.folder / "README.md"
    if readme.is_file():
        shutil.copyfile(readme, folder / "README.md")


def _write_solutions(master: Master, result: Path, folder: Path) -> None:
    """Write the notebook with its answers, and how to run it."""
    notebook = tidy(result / "autograder" / _name(master), master)
    _write_text(folder / master.path.name, dumped(notebook))
    _write_text(folder / "README.md", SOLUTIONS_README.format(notebook=master.path.name))


def _write_bundle(master: Master, result: Path, fresh: Path) -> None:
    """Write all checks, what they need, and the manifest last, because it has the digests."""
    bundle = fresh / "autograder"
    copy_listed(master, list(master.files), bundle / "files")
    copy_listed(master, list(master.hidden_files), bundle / "hidden")
    automatic = [question for question in master.questions if question.checks]
    _copy_checks(automatic, result / "autograder", bundle)
    _copy_beside(master, result, bundle)
    config = result / "autograder" / "otter_config.json"
    given = json.loads(config.read_text("utf-8")) if config.is_file() else {}
    _write_text(bundle / "otter_config.json", dumped(given))
    if DOCKERFILE.is_file():
        shutil.copyfile(DOCKERFILE, bundle / "Dockerfile")
    student = json.loads((fresh / "student" / master.path.name).read_text("utf-8"))
    _write_text(bundle / "manifest.json", dumped(manifest(master, student, bundle)))
    if asked := rubrics(master):  # after the digests: no check depends on it
        _write_text(bundle / rubric.FILE, dumped(asked))


def _name(master: Master) -> str:
    return master.path.name


def _copy_checks(questions: list[Question], source: Path, folder: Path) -> None:
    """Copy the check files of some questions, without the blanks that Otter's template leaves."""
    for question in questions:
        text = (source / "tests" / f"{question.name}.py").read_text("utf-8")
        lines = [
            line.rstrip() if line.startswith(TEMPLATE_LINES) else line
            for line in text.rstrip().split("\n")
        ]
        _write_text(folder / "tests" / f"{question.name}.py", "\n".join(lines) + "\n")


def _copy_beside(master: Master, result: Path, folder: Path) -> None:
    """Copy the requirements, where there are any."""
    requirements = result / "autograder" / "requirements.txt"
    if master.requirements:
        _write_text(folder / "requirements.txt", requirements.read_text("utf-8").rstrip() + "\n")


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _swap(fresh: Path, destination: Path, old: Path) -> None:
    """Put the new folders in the place of the old ones; put those back if that fails."""
    old.mkdir()
    moved: list[str] = []
    try:
        for name in FOLDERS:
            if (destination / name).exists():
                (destination / name).rename(old / name)
            moved.append(name)
            (fresh / name).rename(destination / name)
    except OSError:
        for name in moved:
            if (destination / name).exists():
                (destination / name).rename(fresh / name)
            if (old / name).exists():
                (old / name).rename(destination / name)
        raise
