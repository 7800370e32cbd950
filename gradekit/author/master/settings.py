"""The YAML of a master: of the assignment, of a question, of a check.

Otter ignores a key that it does not know, so a misspelled `hidden` publishes a
check. Here every key is known and given once, or refused; what the build itself
relies on has the right type too. What is only handed on to Otter is Otter's to judge.
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
    """What a key may hold: a test of the value, and its description in words."""

    fits: Callable[[object], bool]
    description: str


BOOL = Key(lambda value: isinstance(value, bool), "true or false")
PATHS = Key(_is_paths, "a list of paths")
MESSAGE = Key(_is_message, "one line of text without double quotes and backslashes")
TRUE = Key(lambda value: value is True, "true")
FALSE = Key(lambda value: value is False, "false")
HANDED_ON = Key(lambda _: True, "what Otter takes")

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
ASSIGNMENT_KEYS = {
    "requirements": Key(lambda value: isinstance(value, str | list), "a path or a list"),
    "files": PATHS,
    "autograder_files": PATHS,
    "tests": Key(lambda value: isinstance(value, dict), "{files: true, ok_format: false}"),
    "init_cell": TRUE,
    "solutions_pdf": FALSE,
    "template_pdf": FALSE,
    **dict.fromkeys(
        (
            *("name", "overwrite_requirements", "export_cell", "generate", "check_all_cell"),
            *("run_tests", "show_question_points", "suppress_no_tests_warning"),
            *("python_version", "channel_priority_strict"),
        ),
        HANDED_ON,
    ),
}
NESTED_KEYS = {
    "tests": {"files": TRUE, "ok_format": FALSE},
    "export_cell": dict.fromkeys(
        (
            *("instructions", "pdf", "filtering", "force_save", "run_tests", "files"),
            "ignore_log",
        ),
        HANDED_ON,
    ),
    "generate": dict.fromkeys(
        (
            *("show_stdout", "show_hidden", "show_all_public", "filtering", "pagebreaks", "pdf"),
            *("logo", "print_summary", "print_score", "warn_missing_pdf"),
        ),
        HANDED_ON,
    ),
}


def wrong_keys(config: Mapping[str, Any], keys: Mapping[str, Key], owner: str) -> Iterator[str]:
    """Say of each key that it is unknown or holds the wrong thing."""
    for key, value in config.items():
        if key not in keys:
            hint = suggestion(key, tuple(keys))
            yield (
                f'the {owner} has the unknown key "{key}"{hint}. '
                f"Correct or remove it; gradekit knows {', '.join(keys)}."
            )
        elif not keys[key].fits(value):
            yield f"the {owner} has {key}: {value!r}. Write {keys[key].description}."


def wrong_assignment(config: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the keys of the assignment, the nested ones included."""
    yield from wrong_keys(config, ASSIGNMENT_KEYS, "ASSIGNMENT CONFIG")
    for name, keys in NESTED_KEYS.items():
        if isinstance(config.get(name), dict):
            yield from wrong_keys(config[name], keys, f"ASSIGNMENT CONFIG, {name},")
    tests = config.get("tests")
    if not isinstance(tests, dict) or not {"files", "ok_format"} <= set(tests):
        yield (
            "the ASSIGNMENT CONFIG asks for doctests or keeps checks in the notebook. "
            'Add "tests: {files: true, ok_format: false}".'
        )


def wrong_question(config: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the keys of a question."""
    if "name" not in config:
        yield 'the question has no name. Add "name: ..." below "# BEGIN QUESTION".'
    yield from wrong_keys(config, QUESTION_KEYS, "question")
    if config.get("manual") is True and not is_points(config.get("points")):
        yield 'the written question has no number of points. Add "points: ...".'


def wrong_check(config: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the keys of a check."""
    yield from wrong_keys(config, CHECK_KEYS, "check")
    if "failure_message" not in config:
        beside = " beside its success_message" if "success_message" in config else ""
        yield (
            f"the check has no failure_message{beside}. Begin the cell with a TEST CONFIG "
            "and write there what a student should read when the check fails."
        )
