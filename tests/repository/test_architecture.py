"""The direction of the arrows between packages, and what no module may do."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "gradekit"
MAX_LINES = 350
LEARNING_LINES = 460  # students of stock Otter get it as one file
MAX_FUNCTION_LINES = 50
MAX_FILES = 13  # in one folder

# What each package may import of the others when it runs. Imports for annotations alone
# are free, but go the same way. What stands below knows nothing of what stands above.
MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "learning": set(),
    "submission": {"core"},
    "worker": {"core"},
    "sandbox": {"core", "worker"},
    "pages": {"core"},
    "grading": {"core", "pages", "sandbox", "submission", "worker"},
    "author": {"core", "sandbox", "submission"},
    "platforms": {"core", "grading", "submission"},
    "marking": {"core", "grading", "pages", "platforms", "submission"},
    "quality": {"author", "core", "sandbox", "worker"},
    "cli": {
        "author", "core", "grading", "marking", "pages", "platforms", "quality", "sandbox",
        "submission",
    },
}  # fmt: skip

# What has consequences outside the program happens in one place each.
ONLY_IN: dict[str, set[str]] = {
    "distributed": {"sandbox.dask", "sandbox.dask_worker", "cli.machines"},
    "docker": {"sandbox.docker", "sandbox.docker_engine", "sandbox.image"},
    "print": {"cli"},
    "click": {"cli"},
    "sqlite3": {"grading.journal"},
    "zmq": {"worker.kernel"},
}

# Unpickling and evaluating run whatever a student wrote; a changed folder moves
# the ground under everybody else.
FORBIDDEN_MODULES = {"pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
FORBIDDEN_CALLS = {"eval", "exec", "chdir", "fchdir", "system", "popen"}
# By a name that is made up at run time, where no arrow can be seen.
MAY_IMPORT_BY_NAME = {
    "learning", "worker.kernel.fork_server", "worker.process", "worker.showing",
}  # fmt: skip
# The student's code, in the student's own process; the author's, in one of its own.
MAY_EXECUTE = {"worker.kernel.agent", "quality.audit.oracle_process"}
NO_NAMES = {"common", "helper", "helpers", "misc", "util", "utils"}


def module_of(path: Path) -> str:
    """Return the dotted name of a file below `gradekit`, without `gradekit` itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


DATA = (PACKAGE / "author" / "new", PACKAGE / "quality" / "redteam" / "attacks")
FILES = {
    module_of(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not any(path.is_relative_to(folder) for folder in DATA)
}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


class _AtRunTime(ast.NodeTransformer):
    """Drops what only a type checker imports."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node.orelse
        return self.generic_visit(node)


def imports(module: str, *, typing: bool = False) -> Iterator[str]:
    """Yield the dotted names that a module imports, those for annotations if asked for."""
    text = ast.parse(FILES[module].read_text(encoding="utf-8"))
    for node in ast.walk(text if typing else _AtRunTime().visit(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own(module: str, *, typing: bool = False) -> set[str]:
    """Return what a module imports of gradekit, as dotted names below it."""
    names = imports(module, typing=typing)
    return {
        name.removeprefix("gradekit.")
        for name in names
        if name.startswith("gradekit.") and not name.startswith("gradekit.__")
    }


def package(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def test_a_package_imports_only_what_the_table_allows() -> None:
    """Arrows go one way, for annotations too, and the table has nothing to spare."""
    graphlib.TopologicalSorter(MAY_IMPORT).prepare()
    used: dict[str, set[str]] = {name: set() for name in MAY_IMPORT}
    for module in FILES:
        if package(module) in used:
            targets = {package(name) for name in own(module, typing=True)}
            used[package(module)] |= targets - {package(module)}
    assert used == MAY_IMPORT


def test_every_module_lies_in_a_package_of_the_table() -> None:
    """A new package declares its place before it can be merged."""
    assert {package(module) for module in FILES} - {"", "__main__"} == set(MAY_IMPORT)


def test_no_package_has_a_circle() -> None:
    """Each module can be understood after those it names."""
    graph: dict[str, set[str]] = {}
    for module in FILES:
        names = own(module)
        targets = {name if name in FILES else name.rpartition(".")[0] for name in names}
        graph[module] = {target for target in targets if target in FILES} - {module}
    graphlib.TopologicalSorter(graph).prepare()


def face(folder: str) -> set[str]:
    """Return the names that the `__init__.py` of a package offers to others."""
    for node in tree(folder).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def test_nothing_is_imported_from_a_package_but_what_its_face_names() -> None:
    """What a folder keeps to itself can be changed without a look at the others."""
    folders = {name for name, path in FILES.items() if path.name == "__init__.py" and name}
    behind = set()
    for module in FILES:
        for name in own(module, typing=True):
            parts = name.split(".")
            for depth in range(1, len(parts)):
                folder = ".".join(parts[:depth])
                inside = module == folder or module.startswith(f"{folder}.")
                if folder in folders and not inside and parts[depth] not in face(folder):
                    behind.add(f"{module}: {name}")
    assert sorted(behind) == []


def test_nothing_is_unpickled_or_evaluated() -> None:
    """Nothing that a student can write is ever unpickled or executed by us."""
    for module in FILES:
        assert not {package(name) for name in imports(module)} & FORBIDDEN_MODULES, module
        assert "allow_pickle=True" not in ast.unparse(tree(module)), module
        if module not in MAY_EXECUTE:
            assert not mentioned(module) & FORBIDDEN_CALLS, module
            assert not calls(module) & (FORBIDDEN_CALLS - {"eval", "exec"}), module


def test_no_arrow_is_hidden() -> None:
    """What is imported is named in an import, so that the table above sees it."""
    for module in FILES:
        assert "gradekit" not in set(imports(module)), f"{module} imports the whole of gradekit"
        if module not in MAY_IMPORT_BY_NAME | MAY_EXECUTE:
            assert not [name for name in imported_late(module) if name.startswith("gradekit")], (
                module
            )


def imported_late(module: str) -> Iterator[str]:
    """Yield what a module imports by a function, "gradekit" where its name is not written out."""
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__")
                | ast.Attribute(attr="import_module" | "__import__"),
                args=[argument, *_],
            ):
                written = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                yield argument.value if written else "gradekit"


def mentioned(module: str) -> set[str]:
    """Return the plain names that a module uses, with those of `builtins` and `os`."""
    names = {node.id for node in ast.walk(tree(module)) if isinstance(node, ast.Name)}
    for node in ast.walk(tree(module)):
        match node:
            case ast.Attribute(value=ast.Name(id="builtins" | "os"), attr=name):
                names.add(name)
    taken = {
        name.rpartition(".")[2] for name in imports(module) if name.startswith(("builtins.", "os."))
    }
    return names | taken


def calls(module: str) -> set[str]:
    """Return the last names of everything that a module calls."""
    names = set()
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                names.add(name)
    return names


def plain_calls(module: str) -> set[str]:
    """Return the plain names that a module calls: `exec(...)`, but not `cursor.exec(...)`."""
    return {
        node.func.id
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_what_has_consequences_happens_in_one_place() -> None:
    """Docker is asked, and people are told, in one place each."""
    for module in FILES:
        used = {package(name) for name in imports(module)} | plain_calls(module)
        for name in used & set(ONLY_IN):
            places = ONLY_IN[name]
            assert any(module == place or module.startswith(f"{place}.") for place in places), (
                f"{module} uses {name}"
            )


def test_every_file_is_short_and_says_why_it_exists() -> None:
    """A file over 350 lines lacks a noun; one without a docstring lacks a reason."""
    for module, path in FILES.items():
        assert package(module[::-1])[::-1] not in NO_NAMES, module
        assert ast.get_docstring(tree(module)), module
        lines = len(path.read_text(encoding="utf-8").splitlines())
        most = LEARNING_LINES if module == "learning" else MAX_LINES
        assert lines <= most, f"{module} has {lines} lines"


def test_no_function_is_longer_than_a_screen() -> None:
    """A function over 50 lines, its docstring aside, tells more than one story."""
    for module in FILES:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                documented = ast.get_docstring(node) is not None
                docstring = node.body[0].end_lineno - node.body[0].lineno + 1 if documented else 0
                lines = node.end_lineno - node.lineno + 1 - docstring
                assert lines <= MAX_FUNCTION_LINES, f"{module}.{node.name} has {lines} lines"


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    """A folder of more than a dozen files is a drawer, not a room."""
    for folder in {path.parent for path in FILES.values()} - {PACKAGE}:
        names = [path.name for path in folder.glob("*.py") if not path.name.startswith("__")]
        assert len(names) <= MAX_FILES, f"{folder.name}: {len(names)} files"
