"""One edit of the good master for each mistake that must be refused.

`shown` is a text that plain Otter Assign then hands to the students, with exit
code 0; `passes` says that it accepts the master although nothing is shown. The
oracle in test_master tries both with the real program.
"""

from collections.abc import Callable
from dataclasses import dataclass

from masters.edit import Edit

SECRET = "answer_is_4242"
HIDDEN_BODY = "another position has the largest mean"
PEAK_CONFIG = """\
\"\"\" # BEGIN TEST CONFIG
points: 3
hidden: true
failure_message: The position must be that of the largest mean.
\"\"\" # END TEST CONFIG
"""
PROMPT_AND_SOLUTION = """
\"\"\" # BEGIN PROMPT
raise NotImplementedError("Question 2")
\"\"\" # END PROMPT
"""


@dataclass(frozen=True)
class Refusal:
    """An edit, the cell that the error must name, and words that it must hold."""

    edit: Callable[[Edit], object]
    cell: str | None
    says: str
    shown: str | None = None
    passes: bool = False


def _peak(source: str) -> Callable[[Edit], object]:
    return lambda e: e.write("peak", source)


def _check(source: str) -> Callable[[Edit], object]:
    return lambda e: e.write("peak-right", source)


def _check_config(extra: str) -> Callable[[Edit], object]:
    return lambda e: e.replace("peak-right", "points: 3\n", f"points: 3\n{extra}\n")


def _right(old: str, new: str) -> Callable[[Edit], object]:
    return lambda e: e.replace("peak-right", old, new)


def _config(old: str, new: str) -> Callable[[Edit], object]:
    return lambda e: e.replace("config", old, new)


def _without_config(edit: Edit) -> str:
    return "".join(edit.cell("peak-right")["source"]).removeprefix(PEAK_CONFIG)


def _under(first_lines: str) -> Callable[[Edit], object]:
    return lambda e: e.write("peak-right", first_lines + _without_config(e))


LEAKS = {
    "a solution line outside a solution block": Refusal(
        lambda e: e.write("pulse", f"{SECRET} = 1  # SOLUTION"), "pulse", "# SOLUTION", SECRET
    ),
    "a solution block outside a solution block": Refusal(
        lambda e: e.write("pulse", f"# BEGIN SOLUTION\n{SECRET} = 1\n# END SOLUTION"),
        "pulse",
        "Put the cell between raw cells",
        SECRET,
    ),
    "a solution line in a prompt cell": Refusal(
        lambda e: e.write("lag", f"{SECRET} = 1  # SOLUTION", "code"), "lag", "# SOLUTION", SECRET
    ),
    "markers in text cells": Refusal(
        lambda e: e.retype("markdown", "peak-begin", "peak-end"),
        "peak-begin",
        "raw cell of its own",
        "np.argmax(smooth))",
    ),
    "markers in code cells": Refusal(
        lambda e: e.retype("code", "peak-begin", "peak-end"),
        "peak-begin",
        "# BEGIN SOLUTION",
        "np.argmax(smooth))",
    ),
    "a solution marker in lower case": Refusal(
        _peak(f"{SECRET} = 1  # solution\nposition_of_peak = 1  # SOLUTION"),
        "peak",
        'Write exactly "# SOLUTION"',
        SECRET,
    ),
    "a solution marker with two blanks": Refusal(
        _peak(f"{SECRET} = 1  #  SOLUTION\nposition_of_peak = 1  # SOLUTION"),
        "peak",
        'Write exactly "# SOLUTION"',
        SECRET,
    ),
    "a misspelled solution marker": Refusal(
        _peak(f"{SECRET} = 1  # SOLUTOIN\nposition_of_peak = 1  # SOLUTION"),
        "peak",
        'Write exactly "# SOLUTION"',
        SECRET,
    ),
    "a BEGIN SOLUTION behind code": Refusal(
        _peak(f"x = 1  # BEGIN SOLUTION\n{SECRET} = 2\ny = 1  # SOLUTION"),
        "peak",
        "line of its own",
        SECRET,
    ),
    "a misspelled BEGIN SOLUTION": Refusal(
        _peak(f"# BEGIN SOLUTOIN\n{SECRET} = 2\ny = 1  # SOLUTION"),
        "peak",
        "# BEGIN SOLUTION",
        SECRET,
    ),
    "a solution without any marker": Refusal(
        _peak(f"{SECRET} = 1"), "peak", "no line of this solution is marked", SECRET
    ),
    "a multi-line statement that ends in SOLUTION": Refusal(
        _peak(f"print(\n    '{SECRET}',\n)  # SOLUTION"), "peak", "several lines", SECRET
    ),
    "a loop whose head is the solution": Refusal(
        _peak(f"for k in range(3):  # SOLUTION\n    {SECRET} = k"), "peak", "several lines", SECRET
    ),
    "a line of which Otter keeps a part": Refusal(
        _peak(f"table[0] = names['{SECRET}'] == 3  # SOLUTION"), "peak", "keep a part", SECRET
    ),
    "a raw cell inside a solution": Refusal(
        lambda e: e.insert("peak", "raw", "note", SECRET), "note", "not exactly a marker", SECRET
    ),
    "a raw cell that is no marker": Refusal(
        lambda e: e.insert("between", "raw", "note", f"# BEGN TESTS\n# {SECRET}"),
        "note",
        "not exactly a marker",
        SECRET,
    ),
    "HIDDEN misspelled": Refusal(_under("# HIDEN\n"), "peak-right", "first line", HIDDEN_BODY),
    "HIDDEN in two words": Refusal(_under("# HID DEN\n"), "peak-right", "first line", HIDDEN_BODY),
    "HIDDEN on line 2": Refusal(_under("\n# HIDDEN\n"), "peak-right", "line 2", HIDDEN_BODY),
    "HIDDEN below a test config": Refusal(
        lambda e: e.write(
            "peak-right",
            PEAK_CONFIG.replace("hidden: true\n", "") + "# HIDDEN\n" + _without_config(e),
        ),
        "peak-right",
        "hides nothing there",
        HIDDEN_BODY,
    ),
    "a misspelled key of a check": Refusal(
        _right("hidden: true", "hiden: true"), "peak-right", 'may mean "hidden"', HIDDEN_BODY
    ),
    "an attachment": Refusal(
        lambda e: e.cell("between").update(attachments={"a.txt": {"text/plain": SECRET}}),
        "between",
        "attachments",
        SECRET,
    ),
    "an answer in the metadata of a cell": Refusal(
        lambda e: e.cell("peak")["metadata"].update(note=SECRET), "peak", "metadata", SECRET
    ),
    "an answer in a tag": Refusal(
        lambda e: e.cell("peak")["metadata"].update(tags=[f"the {SECRET}"]), "peak", "tag", SECRET
    ),
    "an answer in the metadata of the notebook": Refusal(
        lambda e: e.notebook["metadata"].update(note=SECRET), None, "notebook metadata", SECRET
    ),
    "a rubric that Otter is told to include": Refusal(
        lambda e: e.cell("lag-rubric")["metadata"].update(tags=["otter_include"]),
        "lag-rubric",
        "tag",
        "1 point for 7 samples",
    ),
    "a rubric that was moved out of its block": Refusal(
        lambda e: e.move("lag-rubric", "lag-end"),
        "lag-begin",
        "followed by its END",
        "1 point for 7 samples",
    ),
    "a hidden file among those of the students": Refusal(
        _config("  - helpers.py", "  - helpers.py\n  - reference.py"),
        "config",
        "to the students",
        "running sum",
    ),
    "the master among the files of the students": Refusal(
        _config("  - helpers.py", "  - helpers.py\n  - averages.ipynb"),
        "config",
        "to the students",
        "1 point for 7 samples",
    ),
}

ACCEPTED_BY_OTTER = {
    "HIDDEN in lower case": Refusal(_under("# hidden\n"), "peak-right", "first line", passes=True),
    "a comment that Otter takes for HIDDEN": Refusal(
        _under("# This is not hidden.\n"), "peak-right", "first line", passes=True
    ),
    "an unknown key of a question": Refusal(
        lambda e: e.write("q-peak", "# BEGIN QUESTION\nname: peak\nmanaul: true"),
        "q-peak",
        'may mean "manual"',
        passes=True,
    ),
    "two questions of one name": Refusal(
        lambda e: e.replace("q-peak", "name: peak", "name: moving_average"),
        "q-peak",
        "name of the one in cell",
        passes=True,
    ),
    "a missing END QUESTION": Refusal(
        lambda e: e.remove("q-lag-end"), "q-lag", "no END QUESTION", passes=True
    ),
    "a list of points beside a hidden check": Refusal(
        lambda e: [
            e.write("q-peak", "# BEGIN QUESTION\nname: peak\npoints: [1, 3]"),
            e.replace("peak-integer", "points: 1\n", ""),
            e.replace("peak-right", "points: 3\n", ""),
        ],
        "q-peak",
        "list of points",
        passes=True,
    ),
    "a question name that leaves the folder": Refusal(
        lambda e: e.replace("q-peak", "name: peak", "name: ../peak"),
        "q-peak",
        "Write a letter followed",
        passes=True,
    ),
    "a failure message with double quotes": Refusal(
        _right("must be that of the largest", 'must be the "largest"'),
        "peak-right",
        "without double quotes",
        passes=True,
    ),
    "a failure message with a backslash": Refusal(
        _right("must be that of the largest", "must be \\\\ the largest"),
        "peak-right",
        "without double quotes",
        passes=True,
    ),
    "a failure message of two lines": Refusal(
        _right("failure_message: The", "failure_message: |\n  Two\n  "),
        "peak-right",
        "one line",
        passes=True,
    ),
    "a success message without a failure message": Refusal(
        _right("failure_message", "success_message"),
        "peak-right",
        "no failure_message beside its success_message",
        passes=True,
    ),
    "two checks of one name": Refusal(
        _right("test_the_position_is_right", "test_the_position_is_an_integer"),
        "peak-right",
        "which it would replace",
        passes=True,
    ),
    "a check that replaces Otter's decorator": Refusal(
        _right("test_the_position_is_right", "test_case"), "peak-right", "Otter's own", passes=True
    ),
    "a check without docstring": Refusal(
        _right('    """The position is that of the largest mean."""\n', ""),
        "peak-right",
        "no docstring",
        passes=True,
    ),
    "a check followed by a statement": Refusal(
        lambda e: e.write(
            "peak-right", "".join(e.cell("peak-right")["source"]) + "\nassert 1 == 2"
        ),
        "peak-right",
        "one function and nothing else",
        passes=True,
    ),
    "checks as doctests": Refusal(
        _config("  ok_format: false\n", ""), "config", "doctests", passes=True
    ),
    "a misspelled key of the tests": Refusal(
        _config("ok_format", "okformat"), "config", 'may mean "ok_format"', passes=True
    ),
    "checks in the metadata": Refusal(
        _config("  files: true\n", ""), "config", "doctests", passes=True
    ),
    "a stub that is not Python": Refusal(
        _peak("if True:\n    # BEGIN SOLUTION NO PROMPT\n    x = 1\n    # END SOLUTION"),
        "peak",
        "what is left for the student is not Python",
        passes=True,
    ),
    "an ordinary cell that is not Python": Refusal(
        lambda e: e.write("pulse", "def broken(:"), "pulse", "not Python", passes=True
    ),
    "two cells of one id": Refusal(
        lambda e: e.cell("closing").update(id="between"), "between", "belongs to 2 cells"
    ),
    "an output": Refusal(
        lambda e: e.cell("peak").update(
            outputs=[{"output_type": "stream", "name": "stdout", "text": SECRET}]
        ),
        "peak",
        "outputs",
        passes=True,
    ),
    "a text cell that Otter would drop": Refusal(
        lambda e: e.write("between", "# Ignore the noise"), "between", "drop the cell", passes=True
    ),
    "a fence that Otter takes for a marker": Refusal(
        lambda e: e.write("pulse", 'x = """\n```otter\ny\n```\n"""'),
        "pulse",
        "cut the cell",
        passes=True,
    ),
    "a written question without points": Refusal(
        lambda e: e.replace("q-lag", "points: 2", ""), "q-lag", "no number of points", passes=True
    ),
    "points that contradict each other": Refusal(
        lambda e: e.replace("q-average", "points: 6", "points: 8"),
        "q-average",
        "Make them equal",
        passes=True,
    ),
    "a check that would be worth nothing": Refusal(
        lambda e: e.replace("peak-right", "points: 3\n", ""),
        "q-peak",
        "would have none",
        passes=True,
    ),
    "a key given twice": Refusal(
        _check_config("points: 2"), "peak-right", "given twice", passes=True
    ),
    "hidden that is not true or false": Refusal(
        _right("hidden: true", "hidden: 'no'"), "peak-right", "Write true or false", passes=True
    ),
}

REFUSED_BY_BOTH = {
    "a misspelled key of the assignment": Refusal(
        _config("export_cell", "exprot_cell"), "config", 'may mean "export_cell"'
    ),
    "a missing END TESTS": Refusal(
        lambda e: e.remove("peak-tests-end"), "peak-tests", "BEGIN TESTS has no END TESTS"
    ),
    "a missing END SOLUTION": Refusal(
        lambda e: e.remove("peak-end"), "peak-begin", "BEGIN SOLUTION has no END SOLUTION"
    ),
    "a missing BEGIN QUESTION": Refusal(
        lambda e: e.remove("q-peak"), "peak-begin", "outside a question"
    ),
    "a misspelled BEGIN QUESTION": Refusal(
        lambda e: e.replace("q-peak", "# BEGIN QUESTION", "# BEGN QUESTION"),
        "q-peak",
        'may mean "# BEGIN QUESTION"',
    ),
    "a missing END SOLUTION line": Refusal(
        _peak("# BEGIN SOLUTION\nx = 1"), "peak", 'BEGIN SOLUTION has no "# END SOLUTION"'
    ),
    "a seed line": Refusal(
        lambda e: e.write("pulse", "np.random.seed(1)  # SEED"), "pulse", "gradekit has no use for"
    ),
    "a BEGIN IGNORE without end": Refusal(
        lambda e: e.write("pulse", "# BEGIN IGNORE\nx = 1"), "pulse", "BEGIN IGNORE has no"
    ),
    "a BEGIN IGNORE without end in a solution": Refusal(
        _peak("# BEGIN IGNORE\nx = 1  # SOLUTION"), "peak", "BEGIN IGNORE has no"
    ),
    "a listed file that is missing": Refusal(
        _config("  - helpers.py", "  - helper.py"), "config", "does not exist"
    ),
    "a listed file that is elsewhere": Refusal(
        _config("  - helpers.py", "  - ../helpers.py"), "config", "not inside the folder"
    ),
    "a test cell of two functions": Refusal(
        _check("def test_a(x):\n    'A.'\ndef test_b(x):\n    'B.'\nx = 1"),
        "peak-right",
        "one function",
    ),
    "an empty test cell": Refusal(_check(""), "peak-right", "one check each"),
}

REFUSALS = {**LEAKS, **ACCEPTED_BY_OTTER, **REFUSED_BY_BOTH}
