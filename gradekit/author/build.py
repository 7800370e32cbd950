"""Turn a master into `student/`, `solutions/` and `autograder/`.

Otter Assign parses and splits; this sorts the result into three folders, gives equal
content equal bytes, and puts all three in place together or none.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gradekit.author.manifest import describe, rubrics
from gradekit.author.master import Master, MasterQuestion, read_master
from gradekit.author.normalise import has_public, json_text, normalised_notebook
from gradekit.author.otter import assign, contents, copy_listed
from gradekit.core import rubric
from gradekit.core.bundle import MANIFEST, Bundle
from gradekit.core.errors import AuthorError
from gradekit.core.files import writing

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
    bundle: Bundle

    @property
    def student(self) -> Path:
        """The folder that students receive."""
        return self.root / "student"

    @property
    def solutions(self) -> Path:
        """The folder that staff read."""
        return self.root / "solutions"

    @property
    def autograder(self) -> Path:
        """The folder that grades."""
        return self.root / "autograder"

    @property
    def notebook(self) -> str:
        """The file name of the notebook in `student` and `solutions`."""
        return self.master.path.name

    def moved_to(self, root: Path) -> Built:
        """Return the same build after its folders were moved below another root."""
        return Built(root, self.master, replace(self.bundle, folder=root / "autograder"))


def build_assignment(assignment: Path, destination: Path) -> Built:
    """Write the three folders of an assignment, replacing those of an earlier build.

    Nothing is tried out: `draft_assignment` lets its caller do that first.

    Raises
    ------
    AuthorError
        If the master has mistakes, or a folder there is not from a build. Nothing is changed.
    GraderError
        If the folders cannot be written there. The earlier build is unchanged.
    """
    with draft_assignment(assignment, destination) as draft:
        pass
    return draft.moved_to(destination)


@contextmanager
def draft_assignment(assignment: Path, destination: Path) -> Iterator[Built]:
    """Lend a fresh build to the block; leaving the block puts it in place of the earlier build.

    An error in the block leaves the earlier build as it was. Afterwards the folders
    are found below `destination`: `draft.moved_to(destination)` is that build.

    Parameters
    ----------
    assignment : Path
        The master, or a folder with exactly one notebook.
    destination : Path
        The folder below which the three folders are written; made where it is missing.

    Raises
    ------
    AuthorError
        If the master has mistakes, or a folder there is not from a build. Nothing is changed.
    GraderError
        If the folders cannot be written there. The earlier build is unchanged.
    """
    master = read_master(assignment)
    with _unmade_on_failure(destination), ExitStack() as stack:
        with writing(destination):
            destination.mkdir(parents=True, exist_ok=True)
            _refuse_foreign(destination)
            # On the same disk, so that moving a folder into its place is one step.
            scratch = tempfile.TemporaryDirectory(prefix=".gradekit-", dir=destination)
            folder = Path(stack.enter_context(scratch)).resolve()
            (folder / ".gitignore").write_text("*\n")  # git and linters pass it over
            draft = _write_folders(master, folder)
        yield draft
        with writing(destination):
            _swap(draft.root, destination, folder / "earlier")


@contextmanager
def _unmade_on_failure(folder: Path) -> Iterator[None]:
    """Remove the folders again that the block made for a build that failed."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        yield
    except BaseException:
        with suppress(OSError):  # one that somebody else has put something into stays
            for path in missing:
                path.rmdir()
        raise


def _refuse_foreign(destination: Path) -> None:
    """Refuse to replace folders that somebody wrote by hand."""
    filled = [name for name in FOLDERS if _is_filled(destination / name)]
    if filled and not (destination / "autograder" / MANIFEST).is_file():
        raise AuthorError(
            f"{destination / filled[0]} was not written by gradekit, which would replace it. "
            "Move it away, or build into another folder."
        )


def _is_filled(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _write_folders(master: Master, scratch: Path) -> Built:
    """Split a master and write its three folders below a new folder in `scratch`."""
    assigned = assign(master, scratch)
    root = scratch / "fresh"
    student_notebook = normalised_notebook(assigned / "student" / master.path.name, master)
    _write_student(master, student_notebook, assigned, root / "student")
    _write_solutions(master, assigned, root / "solutions")
    bundle = _write_bundle(master, student_notebook, assigned, root / "autograder")
    return Built(root, master, bundle)


def _write_student(
    master: Master, notebook: Mapping[str, Any], assigned: Path, folder: Path
) -> None:
    """Write the notebook without answers, its public checks and the listed files."""
    copy_listed(master, list(master.files), folder)
    _write_text(folder / master.path.name, json_text(notebook))
    with_public = [question for question in master.questions if has_public(question)]
    _copy_checks(with_public, assigned / "student", folder)
    _copy_requirements(master, assigned, folder)
    readme = master.folder / "README.md"
    if readme.is_file():
        (folder / "README.md").write_bytes(contents(readme))


def _write_solutions(master: Master, assigned: Path, folder: Path) -> None:
    """Write the notebook with its answers, and how to run it."""
    notebook = normalised_notebook(assigned / "autograder" / master.path.name, master)
    _write_text(folder / master.path.name, json_text(notebook))
    _write_text(folder / "README.md", SOLUTIONS_README.format(notebook=master.path.name))


def _write_bundle(
    master: Master, student_notebook: Mapping[str, Any], assigned: Path, folder: Path
) -> Bundle:
    """Write all checks, what they need, and the manifest that describes them."""
    copy_listed(master, list(master.files), folder / "files")
    copy_listed(master, list(master.hidden_files), folder / "hidden")
    automatic = [question for question in master.questions if question.checks]
    _copy_checks(automatic, assigned / "autograder", folder)
    _copy_requirements(master, assigned, folder)
    # Nothing of ours reads it; with it the folder also works in stock Otter.
    config = assigned / "autograder" / "otter_config.json"
    otter_config = json.loads(config.read_text("utf-8")) if config.is_file() else {}
    _write_text(folder / "otter_config.json", json_text(otter_config))
    if DOCKERFILE.is_file():
        (folder / "Dockerfile").write_bytes(DOCKERFILE.read_bytes())
    bundle = describe(master, student_notebook, folder)
    _write_text(folder / MANIFEST, bundle.text())
    # After the digests were taken, because no check depends on a rubric: one that is
    # mended on grading day sends nobody back to a sandbox.
    if written := rubrics(master):
        _write_text(folder / rubric.FILE, json_text(written))
    return bundle


def _copy_checks(questions: list[MasterQuestion], source: Path, folder: Path) -> None:
    """Copy the check files of some questions, without the blanks that Otter's template leaves."""
    for question in questions:
        text = (source / "tests" / f"{question.name}.py").read_text("utf-8")
        lines = [
            line.rstrip() if line.startswith(TEMPLATE_LINES) else line
            for line in text.rstrip().split("\n")
        ]
        _write_text(folder / "tests" / f"{question.name}.py", "\n".join(lines) + "\n")


def _copy_requirements(master: Master, assigned: Path, folder: Path) -> None:
    """Copy the requirements, where the master asks for any."""
    if master.requirements:
        text = (assigned / "autograder" / "requirements.txt").read_text("utf-8")
        _write_text(folder / "requirements.txt", text.rstrip() + "\n")


def _write_text(path: Path, text: str) -> None:
    # Not `replace_file`: nobody reads a draft, and its folder is put in place as a whole.
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _swap(fresh: Path, destination: Path, earlier: Path) -> None:
    """Put the new folders in the place of the earlier ones; put those back if that fails."""
    earlier.mkdir()
    moved: list[str] = []
    try:
        for name in FOLDERS:
            moved.append(name)
            if (destination / name).exists():
                (destination / name).rename(earlier / name)
            (fresh / name).rename(destination / name)
    except BaseException:  # a Ctrl-C may come between two renames as well
        for name in moved:
            if (destination / name).exists() and not (fresh / name).exists():
                (destination / name).rename(fresh / name)
            if (earlier / name).exists():
                (earlier / name).rename(destination / name)
        raise
