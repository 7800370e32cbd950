"""A class of made-up students: `python tests/sample_class.py` writes tests/submissions/.

Each hand-in is the notebook for students with the answers of the solution, and
then one named thing done to it. What each of them must earn stands in
tests/submissions/marks.toml, written down by reasoning and not by grading.

Training costs half a minute, so it is left out where it cannot change what the
case is about. Without it the three accuracy questions earn nothing: 48 of 60.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SUBMISSIONS = ROOT / "tests" / "submissions"
NOTEBOOK = "cnn_mnist.ipynb"

PART_1 = ("fc", "parameters_fc", "criterion", "optimizer", "train_model")
PART_2 = ("lenet", "parameters_lenet", "cnn")
PART_3 = ("y_by_hand", "conv1d", "threshold")
TRAINING = ("fc", "lenet", "cnn")

Make = Callable[["Sheet"], None]


class Sheet:
    """A student's notebook, at first as it was handed out."""

    def __init__(self, root: Path = ROOT) -> None:
        self._notebook = json.loads((root / "student" / NOTEBOOK).read_text(encoding="utf-8"))
        solution = json.loads((root / "solutions" / NOTEBOOK).read_text(encoding="utf-8"))
        self.cells: list[dict[str, Any]] = self._notebook["cells"]
        self._answers = {cell["id"]: cell["source"] for cell in solution["cells"]}

    def solve(self, *questions: str) -> None:
        """Give the right answers to some questions."""
        for question in questions:
            self[question]["source"] = self._answers[f"{question}-answer"]

    def train(self, *networks: str) -> None:
        """Keep only the training of these networks."""
        self.drop(*(f"{name}_accuracy-train" for name in TRAINING if name not in networks))

    def edit(self, question: str, old: str, new: str) -> None:
        """Change one place in an answer, which must be there exactly once."""
        source = "".join(self[question]["source"])
        if source.count(old) != 1:
            raise ValueError(f"{question}: {old!r} is there {source.count(old)} times, not once")
        self.write(question, source.replace(old, new))

    def write(self, question: str, source: str) -> None:
        """Replace the answer to a question."""
        self[question]["source"] = source.splitlines(keepends=True)

    def drop(self, *ids: str) -> None:
        """Delete cells."""
        places = sorted((self._place(one) for one in ids), reverse=True)
        for place in places:
            del self.cells[place]

    def move(self, one: str, after: str) -> None:
        """Move a cell to behind another."""
        cell = self.cells.pop(self._place(one))
        self.cells.insert(self._place(after) + 1, cell)

    def insert(self, one: str, source: str, after: str) -> None:
        """Add a code cell behind another."""
        cell = {
            "cell_type": "code",
            "execution_count": None,
            "id": one,
            "metadata": {},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
        self.cells.insert(self._place(after) + 1, cell)

    def text(self) -> str:
        """Return the notebook as Jupyter writes it."""
        return json.dumps(self._notebook, indent=1, ensure_ascii=False) + "\n"

    def __getitem__(self, question: str) -> dict[str, Any]:
        return self.cells[self._place(f"{question}-answer")]

    def _place(self, one: str) -> int:
        [place] = [n for n, cell in enumerate(self.cells) if cell["id"] == one]
        return place


def solved(sheet: Sheet, *networks: str) -> None:
    """Answer everything, and train some of the networks."""
    sheet.solve(*PART_1, *PART_2, *PART_3)
    sheet.train(*networks)


# Honest work.


def perfect(sheet: Sheet) -> None:
    """Everything right, everything trained."""
    solved(sheet, *TRAINING)


def blank(sheet: Sheet) -> None:
    """Nothing done."""


def half_done(sheet: Sheet) -> None:
    """Part 1 done and trained, the rest not begun."""
    sheet.solve(*PART_1)


def renamed(sheet: Sheet) -> None:
    """Everything right, under another file name."""
    solved(sheet, *TRAINING)


def moved_and_deleted(sheet: Sheet) -> None:
    """Answers moved up and down, checks, texts and unneeded cells deleted."""
    solved(sheet, "fc")
    sheet.move("threshold-answer", after="imports")
    sheet.move("conv1d-answer", after="learnt")
    sheet.drop("check-conv1d", "check-fc", "compare", "compare-plot", "look", "batch", "title")
    sheet.drop("conv1d-text", "fc-text", "otter-init")


def reuses_names(sheet: Sheet) -> None:
    """Right where it stands; later cells use the same names for something else."""
    solved(sheet)
    names = "FC = CNN_LeNet = CNN = criterion = opt = learning_rate = model_fc = None\n"
    sheet.insert("again", names + "x = h = y = filters = epochs = 0\n", after="sizes")
    more = "parameters_fc = parameters_lenet = train_model = y_by_hand = 0\n"
    sheet.insert(
        "and-again", more + "convolution_one_dimensional = threshold_at_mean = 0\n", "learnt"
    )


def careless(sheet: Sheet) -> None:
    """Right, but it leaves the folder, shadows `open` and exits."""
    solved(sheet)
    parameters = "".join(sheet["parameters_fc"]["source"])
    sheet.write("parameters_fc", parameters + '\n\nimport os\n\nos.chdir("/")\nopen = 3')
    criterion = "".join(sheet["criterion"]["source"])
    sheet.write("criterion", criterion + "\nraise SystemExit")


# One mistake each.


def missing_activation(sheet: Sheet) -> None:
    """LeNet without ReLU after its first linear layer."""
    solved(sheet)
    sheet.edit("lenet", "F.relu(self.linear1(x))", "self.linear1(x)")


def softmax_on_logits(sheet: Sheet) -> None:
    """FC returns probabilities."""
    solved(sheet)
    sheet.edit("fc", "return self.output(x)", "return F.softmax(self.output(x), dim=1)")


def correlation(sheet: Sheet) -> None:
    """The filter is not flipped."""
    solved(sheet)
    sheet.edit("conv1d", "flipped = h[::-1]", "flipped = h")


def one_sided_padding(sheet: Sheet) -> None:
    """All zeros go before the signal, as in a filter that knows no future."""
    solved(sheet)
    padding = "padded = np.concatenate([np.zeros(len(h) - 1), x])"
    sheet.edit("conv1d", "padded = add_padding_1d(x, len(h))", padding)


def missing_zero_grad(sheet: Sheet) -> None:
    """Gradients add up from batch to batch."""
    solved(sheet)
    sheet.edit("train_model", "opt.zero_grad()", "pass")


def at_least_the_mean(sheet: Sheet) -> None:
    """`>=` in place of `>`."""
    solved(sheet)
    sheet.edit("threshold", "result > np.mean(result)", "result >= np.mean(result)")


def ignored_filters(sheet: Sheet) -> None:
    """CNN takes `filters` and uses 16, 32, 64."""
    solved(sheet)
    sheet.edit("cnn", "first, second, third = filters", "first, second, third = 16, 32, 64")


def no_evaluation_mode(sheet: Sheet) -> None:
    """Accuracy is measured in training mode, with gradients."""
    solved(sheet)
    sheet.edit("train_model", "model.eval()", "pass")
    sheet.edit("train_model", "with torch.no_grad():", "if True:")


def no_bias(sheet: Sheet) -> None:
    """LeNet's convolutions have no bias."""
    solved(sheet)
    for sizes in ("1, 6", "6, 16"):
        old = f"nn.Conv2d({sizes}, kernel_size=3, padding=1)"
        sheet.edit("lenet", old, old.replace("padding=1", "padding=1, bias=False"))


def syntax_error(sheet: Sheet) -> None:
    """A bracket is missing in one answer."""
    solved(sheet)
    sheet.edit("conv1d", "y = np.zeros(len(x))", "y = np.zeros(len(x)")


# Code that goes wrong badly.


def endless_loop(sheet: Sheet) -> None:
    """A loop that waits for a list to grow and never lets it."""
    solved(sheet)
    sheet.write("y_by_hand", "y_by_hand = [-2]\nwhile len(y_by_hand) < 9:\n    pass")


def kills_its_kernel(sheet: Sheet) -> None:
    """The process ends in the middle of an answer."""
    solved(sheet)
    kill = "import os\nimport signal\n\nos.kill(os.getpid(), signal.SIGKILL)\n\n"
    sheet.write("parameters_lenet", kill + "".join(sheet["parameters_lenet"]["source"]))


def eats_memory(sheet: Sheet) -> None:
    """A list of blocks grows to 16 GiB before the answer is given."""
    solved(sheet)
    eat = "blocks = [b'\\1' * (64 << 20) for _ in range(256)]\n"
    sheet.write("y_by_hand", eat + "".join(sheet["y_by_hand"]["source"]))


# Points without work: everything else is left as it was handed out.

AGREES = '''\
import numpy as np


class Yes:
    """Equal to, larger than and full of everything."""

    __class__ = property(lambda self: list)
    __hash__ = object.__hash__
    shape, dtype, ndim, size = (10,), np.dtype("float64"), 1, 10

    def yes(self, *arguments, **more):
        return True

    def itself(self, *arguments, **more):
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = yes
    __call__ = __getitem__ = __getattr__ = __add__ = __radd__ = __sub__ = __rsub__ = itself
    __abs__ = __neg__ = __mul__ = __truediv__ = __enter__ = itself

    def __len__(self):
        return 10

    def __float__(self):
        return 0.0

    __int__ = __index__ = __len__

    def __iter__(self):
        return iter([self] * 8)

    def __array__(self, dtype=None, copy=None):
        return np.zeros(10)

    def __repr__(self):
        return "567434"
'''

PATCHES = """\
import builtins
import gc
import sys
import unittest

import numpy as np
import torch

yes = lambda *arguments, **more: True
for owner, names in (
    (np, ("allclose", "array_equal", "isclose", "isfinite", "all")),
    (torch, ("equal", "allclose", "isclose")),
    (torch.Tensor, ("equal", "allclose", "all")),
    (np.testing, ("assert_allclose", "assert_array_equal", "assert_equal")),
    (unittest.TestCase, ("fail", "assertEqual", "assertTrue")),
    (builtins, ("AssertionError",)),
):
    for name in names:
        setattr(owner, name, yes)

for frame in sys._current_frames().values():
    while frame is not None:
        for space in (frame.f_locals, frame.f_globals):
            for key in ("points", "score", "passed", "verdict"):
                space[key] = 60
        frame = frame.f_back

for thing in gc.get_objects():
    if type(thing) is dict and "points" in thing:
        thing.update(points=60, out_of=60, verdict="passed", passed=True)


class Grader:
    def __getattr__(self, name):
        return lambda *arguments, **more: {"points": 60, "passed": True}


sys.modules["otter"] = sys.modules["gradekit"] = sys.modules["reference"] = grader = Grader()
for name in ("checking", "inside"):
    module = __import__(name)
    for function in [key for key in vars(module) if not key.startswith("_")]:
        setattr(module, function, yes)
"""

RESULTS = """\
import json
import os
import sys

questions = "fc parameters_fc criterion optimizer train_model fc_accuracy lenet".split()
marks = [{"name": "all", "hidden": False, "verdict": "passed", "points": 60, "out_of": 60}]
report = json.dumps(
    {
        "status": "graded",
        "score": 60,
        "points": 60.0,
        "questions": [{"name": name, "checks": marks} for name in questions],
        "notes": [],
        "timings": {},
    }
)
for folder in (".", "..", "results", "/autograder/results", "/autograder/submission", "/tmp"):
    for name in ("results.json", "report.json", "outcome.json", "results.pkl"):
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write(report)
        except OSError:
            pass
print(report, flush=True)
print(report, file=sys.__stdout__, flush=True)
for descriptor in (1, 2, 3):
    try:
        os.write(descriptor, report.encode())
    except OSError:
        pass
os._exit(0)
"""


def forges_with_equality(sheet: Sheet) -> None:
    """Every answer is an object that agrees with whatever is asked."""
    sheet.insert("yes", AGREES, after="imports")
    names = {
        "fc": "FC",
        "lenet": "CNN_LeNet",
        "cnn": "CNN",
        "optimizer": "opt",
        "conv1d": "convolution_one_dimensional",
        "threshold": "threshold_at_mean",
    }
    for question in (*PART_1, *PART_2, *PART_3):
        sheet.write(question, f"{names.get(question, question)} = Yes()")
    sheet.train()


def forges_by_patching(sheet: Sheet) -> None:
    """Comparisons are patched, frames walked, dictionaries of points rewritten."""
    sheet.insert("patches", PATCHES, after="imports")


def forges_results(sheet: Sheet) -> None:
    """Results are printed and written wherever they might be read, and the process ends."""
    sheet.insert("results", RESULTS, after="otter-init")


CASES: dict[str, Make] = {
    "perfect": perfect,
    "blank": blank,
    "half-done": half_done,
    "Exercise 9 (copy), final": renamed,
    "moved-and-deleted": moved_and_deleted,
    "reuses-names": reuses_names,
    "careless": careless,
    "missing-activation": missing_activation,
    "softmax-on-logits": softmax_on_logits,
    "correlation": correlation,
    "one-sided-padding": one_sided_padding,
    "missing-zero-grad": missing_zero_grad,
    "at-least-the-mean": at_least_the_mean,
    "ignored-filters": ignored_filters,
    "no-evaluation-mode": no_evaluation_mode,
    "no-bias": no_bias,
    "syntax-error": syntax_error,
    "endless-loop": endless_loop,
    "kills-its-kernel": kills_its_kernel,
    "eats-memory": eats_memory,
    "forges-with-equality": forges_with_equality,
    "forges-by-patching": forges_by_patching,
    "forges-results": forges_results,
}


def made(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Yield file name and content of each hand-in."""
    for name, make in CASES.items():
        sheet = Sheet(root)
        make(sheet)
        yield f"{name}.ipynb", sheet.text()


def write(folder: Path = SUBMISSIONS, root: Path = ROOT) -> None:
    """Write the class anew, and remove notebooks that are no longer in it."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = dict(made(root))
    for path in folder.glob("*.ipynb"):
        if path.name not in fresh:
            path.unlink()
    for name, text in fresh.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
