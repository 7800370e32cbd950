"""The direction of the arrows between modules, and what no module may do."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "gradekit"
MAX_LINES = 350

# What each module may import of gradekit when it runs. Imports for annotations
# alone are free. The table has no circles, so every module can be understood
# after those it names.
MAY_IMPORT: dict[str, set[str]] = {
    # Words
    "errors": set(),
    "exhibits": set(),
    "records": {"exhibits"},
    "markers": set(),
    "progress": set(),
    "lines": {"records"},
    "options": {"bundle", "sandbox"},
    # Master to bundle
    "notebook": {"errors"},
    "settings": {"markers"},
    "answers": {"markers", "notebook"},
    "blocks": {"markers", "notebook"},
    "checkcell": {"markers", "notebook", "settings"},
    "leftovers": {"notebook"},
    "master": {
        "answers", "blocks", "checkcell", "errors", "leftovers", "notebook", "settings",
    },
    "tidy": {"errors", "master", "notebook"},
    "manifest": {"errors", "master", "tidy"},
    "assign": {"errors", "master"},
    "rubric": {"errors"},
    "build": {"assign", "errors", "manifest", "master", "rubric", "tidy"},
    "dist": {"assign", "build"},
    "rendering": {"build", "errors"},
    "compare": {"build", "dist"},
    "canary": {
        "answers", "assign", "build", "checkcell", "dist", "errors", "markers", "master",
        "notebook",
    },
    "traces": {
        "answers", "build", "canary", "dist", "errors", "markers", "master", "notebook",
    },
    "answerbook": {"errors", "master", "notebook"},
    "shownbars": {"answerbook", "build", "dist", "errors", "traces"},
    "promises": {
        "build", "canary", "compare", "errors", "handin", "records", "sandbox", "shownbars",
        "submission", "traces",
    },
    # One submission
    "cells": {"errors"},
    "handin": {"errors"},
    "archive": {"errors", "handin"},
    "submission": {"archive", "cells", "errors", "handin"},
    "bundle": {"errors"},
    "definitions": set(),
    "matching": {"bundle", "definitions"},
    # In the student's kernel: sent there as text, so they stand alone
    "values": set(),
    "agent": set(),
    "inside": set(),
    # In the worker
    "controlgroup": set(),
    "forkserver": {"values"},
    "isolation": {"controlgroup", "errors", "forkserver", "records"},
    "bubblewrap": {"controlgroup", "errors", "isolation", "records"},
    "kernel": {"bubblewrap", "errors", "forkserver", "isolation", "records"},
    "remote": {"kernel", "values"},
    "checkfile": {"errors"},
    "judging": {"bundle", "kernel", "records", "remote"},
    "recording": {"bundle", "kernel", "records"},
    "showcase": {"exhibits", "remote"},
    "worker": {
        "bundle", "checkfile", "errors", "exhibits", "forkserver", "judging", "kernel",
        "matching", "recording", "records", "remote", "showcase",
    },
    "replay": {"bundle", "judging", "kernel", "recording", "records", "worker"},
    "selfcheck": {"errors", "forkserver", "kernel", "records", "remote", "worker"},
    # Where the worker runs
    "wheels": {"errors"},
    "image": {"errors", "wheels"},
    "container": {"bundle", "errors", "forkserver", "image", "records", "selfcheck"},
    "sandbox": {"bundle", "container", "errors", "records", "selfcheck"},
    # A class
    "gradebook": {"errors", "handin", "records"},
    "journal": {"errors", "records"},
    "shelf": {"recording"},
    "grading": {"errors", "handin", "journal", "records", "sandbox", "shelf", "submission"},
    # What people mark
    "written": {"bundle", "definitions", "errors", "handin", "rubric", "submission"},
    "readings": {
        "bundle", "errors", "gradebook", "grading", "handin", "records", "rubric", "written",
    },
    "session": {"grading", "gradebook", "lines", "progress", "publish", "readings"},
    "desk": {
        "bundle", "errors", "gradebook", "handin", "journal", "readings", "records", "rubric",
        "written",
    },
    "deskpage": {"bundle", "desk", "rubric", "written"},
    "deskserver": {"desk", "deskpage", "errors", "rubric"},
    "marksheet": {"desk", "errors", "gradebook", "templates", "worksheet"},
    "written_commands": {
        "bundle", "desk", "deskserver", "export", "gradebook", "handin", "journal", "marksheet",
        "publish", "rubric",
    },
    "starter": {"errors"},
    "starter_commands": {"starter"},
    # A class, judged again
    "regrade": {"errors", "grading", "handin", "recording", "records", "shelf", "submission"},
    "changes": {"lines", "regrade"},
    "regrade_command": {
        "bundle", "changes", "gradebook", "handin", "journal", "options", "progress", "regrade",
        "sandbox", "session",
    },
    # A class, in and out
    "download": {"errors", "handin"},
    "platforms": {"download", "errors", "handin"},
    "worksheet": {"errors", "handin"},
    "roster": {"errors", "gradebook", "worksheet"},
    "collect": {"download", "errors", "gradebook", "handin", "platforms", "roster"},
    "grades": {"errors", "gradebook", "handin", "records", "roster", "worksheet"},
    "templates": {"errors", "gradebook", "grades", "handin", "worksheet"},
    "export": {
        "errors", "gradebook", "grades", "handin", "records", "roster", "templates", "worksheet",
    },
    # A class, for people to read
    "charts": set(),
    "pages": {"errors", "exhibits", "handin", "lines"},
    "feedback": {"charts", "exhibits", "pages", "records"},
    "overview": {"charts", "exhibits", "feedback", "lines", "pages", "records"},
    "publish": {"feedback", "gradebook", "grades", "overview", "pages", "records"},
    "report_commands": {"bundle", "errors", "options", "publish"},
    "platform_commands": {"collect", "export", "handin", "options"},
    # How good the checks are
    "solved": {"answerbook", "build", "definitions", "master"},
    "mutants": {"errors"},
    "proving": set(),
    "oracle": {"answerbook", "errors", "solved"},
    "rehearsal": {"judging", "kernel", "records", "sandbox", "solved", "worker"},
    "errorrates": set(),
    "audit": {
        "answerbook", "build", "bundle", "errorrates", "errors", "mutants", "oracle", "rehearsal",
        "solved",
    },
    "auditgate": {"answerbook", "audit", "build", "errorrates", "errors"},
    "auditlines": {"answerbook", "auditgate", "errorrates"},
    "auditpage": {"answerbook", "auditlines", "errorrates", "errors"},
    "author_commands": {
        "answerbook", "audit", "auditgate", "auditlines", "auditpage", "build", "bundle", "dist",
        "errors", "grading", "master", "mutants", "options", "progress", "promises", "rendering",
        "sandbox",
    },
    # A class on many machines
    "station": {"bundle", "errors", "records", "sandbox"},
    "cluster": {"bundle", "errors", "records", "station"},
    "cluster_commands": {"cluster", "errors", "grading"},
    "doctor": {"bundle", "container", "errors", "image", "records", "sandbox", "selfcheck"},
    # How good the checks are
    "learning": set(),
    "runs": set(),
    "recipe": {"errors"},
    "tail": set(),
    "calibrate": {"recipe", "runs", "tail"},
    "calibrationlines": set(),
    "calibrationplot": {"calibrate", "errors", "tail"},
    "items": {"records"},
    "itemlines": {"lines"},
    "quality_commands": {
        "calibrate", "calibrationlines", "calibrationplot", "errors", "grades", "grading",
        "itemlines", "items", "options", "progress", "recipe", "runs",
    },
    # Under attack
    "zoo": {"errors"},
    "bait": {"build", "bundle", "canary", "errors", "master", "notebook"},
    "effects": {"container", "controlgroup", "isolation"},
    "findings": {"lines", "zoo"},
    "redteam": {
        "bait", "container", "effects", "errors", "findings", "grading", "master", "records",
        "sandbox", "zoo",
    },
    "redteam_command": {"grading", "options", "progress", "redteam", "sandbox", "zoo"},
}  # fmt: skip

# What has consequences outside the program happens in one place each.
ONLY_IN: dict[str, set[str]] = {
    "distributed": {"cluster", "cluster_commands"},
    "docker": {"container", "image"},
    "print": {"cli"},
    "click": {
        "author_commands", "cli", "cluster_commands", "options", "platform_commands",
        "quality_commands", "redteam_command", "regrade_command", "report_commands", "session",
        "starter_commands", "written_commands",
    },
    "sqlite3": {"journal"},
    "zmq": {"kernel", "agent"},
}  # fmt: skip

# Unpickling and evaluating run whatever a student wrote; a changed folder moves
# the ground under everybody else.
FORBIDDEN_MODULES = {"pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
FORBIDDEN_CALLS = {"eval", "exec", "chdir", "fchdir", "system", "popen"}
# The student's code, in the student's own process; the author's, in one of its own.
MAY_EXECUTE = {"agent", "proving"}
NO_NAMES = {"common", "helper", "helpers", "misc", "util", "utils"}

MODULES = sorted(path.stem for path in PACKAGE.glob("[a-z]*.py"))


def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))


class _AtRunTime(ast.NodeTransformer):
    """Drops what only a type checker imports."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node.orelse
        return self.generic_visit(node)


def imports(module: str) -> set[str]:
    """Return the dotted names that a module imports when it runs."""
    names: set[str] = set()
    for node in ast.walk(_AtRunTime().visit(tree(module))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own(module: str) -> set[str]:
    """Return the modules of gradekit that a module imports when it runs."""
    inner = {name.split(".")[1] for name in imports(module) if name.startswith("gradekit.")}
    return inner & set(MODULES)


def calls(module: str) -> set[str]:
    """Return the last names of everything that a module calls."""
    found = set()
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                found.add(name)
    return found


def builtin_calls(module: str) -> set[str]:
    """Return the plain names that a module calls: `exec(...)`, but not `cursor.exec(...)`."""
    return {
        node.func.id
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


@pytest.mark.parametrize("module", [name for name in MODULES if name != "cli"])
def test_a_module_imports_only_what_the_table_allows(module: str) -> None:
    """A module may reach down the table, never up or sideways."""
    assert own(module) <= MAY_IMPORT[module]


def test_nobody_imports_the_command_line() -> None:
    """`cli` stands on top: it may import everything, and nothing imports it."""
    assert not [module for module in MODULES if "cli" in own(module) and module != "__main__"]


def test_every_module_is_in_the_table_and_the_table_names_no_other() -> None:
    """A new module declares its place before it can be merged."""
    assert sorted(set(MODULES) - {"cli"}) == sorted(MAY_IMPORT)


def test_the_table_has_no_circles_and_nothing_to_spare() -> None:
    """What may be imported is imported, so the table shows the program as it is."""
    graphlib.TopologicalSorter(MAY_IMPORT).prepare()
    spare = {name: MAY_IMPORT[name] - own(name) for name in MAY_IMPORT}
    assert {name: extra for name, extra in spare.items() if extra} == {}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_unpickles_and_evaluates_nothing(module: str) -> None:
    """Nothing that a student can write is ever unpickled or executed by us."""
    assert not {name.split(".")[0] for name in imports(module)} & FORBIDDEN_MODULES
    if module not in MAY_EXECUTE:
        assert not builtin_calls(module) & FORBIDDEN_CALLS
        assert not calls(module) & (FORBIDDEN_CALLS - {"eval", "exec"})


@pytest.mark.parametrize("module", MODULES)
def test_what_has_consequences_happens_in_one_place(module: str) -> None:
    """Docker is asked, and people are told, in one place each."""
    used = {name.split(".")[0] for name in imports(module)} | builtin_calls(module)
    assert not {name for name, places in ONLY_IN.items() if name in used and module not in places}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short_and_says_why_it_exists(module: str) -> None:
    """A file over 350 lines lacks a noun; one without a docstring lacks a reason."""
    assert module not in NO_NAMES
    assert len((ast.get_docstring(tree(module)) or "").split()) > 8
    lines = (PACKAGE / f"{module}.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= MAX_LINES
