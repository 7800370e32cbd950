"""The YAML of a master: of the assignment, of a question, of a check.

Otter ignores a key that it does not know, so a misspelled `hidden` publishes a
check. Here every key is known, of the right type and given once, or refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from gradekit.author.master.markers import suggestion

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,47}")  # it becomes a file name and part of a cell id


class _Strict(yaml.SafeLoader):
    """YAML without Python objects, in which a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build the dictionary of a node after looking for repeated keys."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.YAMLError(f'the key "{key}" is given twice')
        return super().construct_mapping(node, deep)


def parsed(text: str) -> dict[str, Any]:
    """Return the mapping that `text` holds; ValueError with one line says why there is none."""
    try:
        # A SafeLoader of our own: it builds plain data only.
        data = yaml.load(text, Loader=_Strict)  # noqa: S506
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise ValueError('it is not a list of lines "key: value"')
    return data


def is_points(value: object) -> bool:
    """Whether a value is a number of points: finite and not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value >= 0


def _is_share(value: object) -> bool:
    """Whether a value is what a question may have as points."""
    if isinstance(value, list):
        return bool(value) and all(is_points(share) for share in value)
    if isinstance(value, dict):
        return list(value) == ["each"] and is_points(value["each"])
    return is_points(value)


def _is_message(value: object) -> bool:
    """Whether Otter can paste a text between double quotes without breaking the file."""
    return (
        isinstance(value, str)
        and bool(value.strip())
        and value.isprintable()
        and not set(value) & {'"', "\\"}
    )


def _is_paths(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(path, str) for path in value)


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may hold: a test and its description."""

    fits: Callable[[object], bool]
    wanted: str


BOOL = Key(lambda value: isinstance(value, bool), "true or false")
TEXT = Key(lambda value: isinstance(value, str), "a text")
PATHS = Key(_is_paths, "a list of paths")
MESSAGE = Key(_is_message, "one line of text without double quotes and backslashes")
TRUE = Key(lambda value: value is True, "true")
FALSE = Key(lambda value: value is False, "false")

CHECK_KEYS = {
    "points": Key(is_points, "a number of points"),
    "hidden": BOOL,
    "failure_message": MESSAGE,
    "success_message": MESSAGE,
}
QUESTION_KEYS = {
    "name": Key(
        lambda value: isinstance(value, str) and NAME.fullmatch(value) is not None,
        "a letter followed by at most 47 letters, digits or underscores",
    ),
    "manual": BOOL,
    "points": Key(_is_share, "a number, a list of numbers or {each: number}"),
    "check_cell": BOOL,
    "export": BOOL,
    "all_or_nothing": Key(lambda value: value is False, "false, since each check has its points"),
}
TESTS_KEYS = {"files": TRUE, "ok_format": FALSE}
EXPORT_KEYS = {
    "instructions": TEXT,
    "pdf": BOOL,
    "filtering": BOOL,
    "force_save": BOOL,
    "run_tests": BOOL,
    "files": PATHS,
    "ignore_log": BOOL,
}
GENERATE_KEYS = {
    "show_stdout": BOOL,
    "show_hidden": BOOL,
    "show_all_public": BOOL,
    "filtering": BOOL,
    "pagebreaks": BOOL,
    "pdf": BOOL,
    "logo": BOOL,
    "print_summary": BOOL,
    "print_score": BOOL,
    "warn_missing_pdf": BOOL,
}
ASSIGNMENT_KEYS = {
    "name": TEXT,
    "requirements": Key(lambda value: isinstance(value, str | list), "a path or a list"),
    "overwrite_requirements": BOOL,
    "files": PATHS,
    "autograder_files": PATHS,
    "tests": Key(lambda value: isinstance(value, dict), "{files: true, ok_format: false}"),
    "export_cell": Key(lambda value: isinstance(value, bool | dict), "true, false or keys"),
    "generate": Key(lambda value: value is True or isinstance(value, dict), "true or keys"),
    "init_cell": TRUE,
    "check_all_cell": BOOL,
    "run_tests": BOOL,
    "show_question_points": BOOL,
    "suppress_no_tests_warning": BOOL,
    "python_version": Key(lambda value: isinstance(value, str | float), "a version"),
    "channel_priority_strict": BOOL,
    "solutions_pdf": FALSE,
    "template_pdf": FALSE,
}
NESTED = {"tests": TESTS_KEYS, "export_cell": EXPORT_KEYS, "generate": GENERATE_KEYS}


def wrong_keys(given: Mapping[str, Any], known: Mapping[str, Key], whose: str) -> Iterator[str]:
    """Say of each key that it is unknown or holds the wrong thing."""
    for key, value in given.items():
        if key not in known:
            hint = suggestion(key, tuple(known))
            yield (
                f'the {whose} has the unknown key "{key}"{hint}. '
                f"Correct or remove it; gradekit knows {', '.join(known)}."
            )
        elif not known[key].fits(value):
            yield f"the {whose} has {key}: {value!r}. Write {known[key].wanted}."


def wrong_assignment(given: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the keys of the assignment, the nested ones included."""
    yield from wrong_keys(given, ASSIGNMENT_KEYS, "ASSIGNMENT CONFIG")
    for name, known in NESTED.items():
        if isinstance(given.get(name), dict):
            yield from wrong_keys(given[name], known, f"ASSIGNMENT CONFIG, {name},")
    tests = given.get("tests")
    if not isinstance(tests, dict) or not {"files", "ok_format"} <= set(tests):
        yield (
            "the ASSIGNMENT CONFIG asks for doctests or keeps checks in the notebook. "
            'Add "tests: {files: true, ok_format: false}".'
        )


def wrong_question(given: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the keys of a question."""
    if "name" not in given:
        yield 'the question has no name. Add "name: ..." below "# BEGIN QUESTION".'
    yield from wrong_keys(given, QUESTION_KEYS, "question")
    if given.get("manual") is True and not is_points(given.get("points")):
        yield 'the written question has no number of points. Add "points: ...".'


def wrong_check(given: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the keys of a check."""
    yield from wrong_keys(given, CHECK_KEYS, "check")
    if "failure_message" not in given:
        beside = " beside its success_message" if "success_message" in given else ""
        yield (
            f"the check has no failure_message{beside}. Begin the cell with a TEST CONFIG "
            "and write there what a student should read when the check fails."
        )
