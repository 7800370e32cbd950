"""The library of deep-learning checks, on a small master of another subject."""

from __future__ import annotations

import doctest
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from gradekit import learning
from gradekit.author.build import Built, build_assignment
from gradekit.core.bundle import Bundle
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Verdict
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.prepare import prepare_bundle
from gradekit.worker.check_file import read_cases
from masters.edit import AVERAGES

Failed = set[str]  # names of checks

NET = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
LAYERS = "        self.a, self.b = nn.Linear(2, 16), nn.Linear(16, 2)\n"
FORWARD = "    def forward(self, x):\n"

TRAIN = """
def train(model, opt, dl_tr, dl_te):
    model.train()
    for x, y in dl_tr:
        opt.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(dim=1) == y).sum().item() for x, y in dl_te)
    return right / len(dl_te.dataset)
"""

UNTRAINED = """
model = Net()
share = train(model, torch.optim.SGD(model.parameters(), lr=0.0), dl_tr, dl_te)
"""
ZEROED = "        opt.zero_grad()\n"

SHAPE, CONTRACT, COMPUTES, BY_HEART = (
    "logits have two columns",
    "samples do not mix",
    "computes what ours computes",
    "learns one batch by heart",
)
STEPS, MODES, TEST_SET = (
    "leads to our weights",
    "switches the mode",
    "learns nothing from the test set",
)
SHARE, UNSEEN = "the share is the networks", "reads unseen points"


def net(body: str, layers: str = LAYERS) -> str:
    return f"{NET}{layers}{FORWARD}        {body}\n"


# question, what it is, its source, the checks that must fail
ANSWERS: list[tuple[str, str, str, Failed]] = [
    ("net", "other names", net("return self.b(self.a(x).tanh())"), set()),
    (
        "net",
        "defined the other way round",
        net(
            "return self.b(torch.tanh(self.a(x)))",
            "        self.b = nn.Linear(16, 2)\n        self.a = nn.Linear(2, 16)\n",
        ),
        set(),
    ),
    (
        "net",
        "weights of its own, without a layer",
        net(
            "return torch.tanh(x @ self.u + self.v) @ self.w.t() + self.c",
            "        self.c, self.v = (nn.Parameter(torch.zeros(n)) for n in (2, 16))\n"
            "        self.u = nn.Parameter(torch.randn(16, 2).t())\n"
            "        self.w = nn.Parameter(torch.randn(2, 16))\n",
        ),
        {COMPUTES},  # a transposed weight is another parameter than the one asked for
    ),
    ("net", "no activation", net("return self.b(self.a(x))"), {COMPUTES, BY_HEART}),
    ("net", "another activation", net("return self.b(torch.relu(self.a(x)))"), {COMPUTES}),
    (
        "net",
        "softmax on the logits",
        net("return torch.softmax(self.b(torch.tanh(self.a(x))), 1)"),
        {COMPUTES, BY_HEART},
    ),
    (
        "net",
        "no bias",
        net(
            "return self.b(torch.tanh(self.a(x)))",
            "        self.a, self.b = nn.Linear(2, 16, bias=False), nn.Linear(16, 2)\n",
        ),
        {COMPUTES, BY_HEART},
    ),
    (
        "net",
        "a hidden layer cut off from the loss",
        net("return self.b(torch.tanh(self.a(x)).detach())"),
        {BY_HEART},
    ),
    (
        "net",
        "centred by its batch",
        net("return self.b(torch.tanh(self.a(x - x.mean(0))))"),
        {CONTRACT, COMPUTES},
    ),
    (
        "net",
        "dropout",
        net("return self.b(nn.functional.dropout(torch.tanh(self.a(x)), 0.5, self.training))"),
        {COMPUTES},
    ),
    (
        "net",
        "double precision",
        net("return self.b(torch.tanh(self.a(x))).double()"),
        {CONTRACT},
    ),
    (
        "net",
        "one column",
        net("return self.b(torch.tanh(self.a(x)))[:, :1]"),
        {SHAPE, CONTRACT, COMPUTES, BY_HEART},
    ),
    ("train", "the solution's steps", TRAIN, set()),
    (
        "train",
        "zeroed after the step",
        TRAIN.replace(ZEROED, "").replace("opt.step()", "opt.step(); opt.zero_grad()"),
        set(),
    ),
    ("train", "inference mode", TRAIN.replace("no_grad", "inference_mode"), set()),
    ("train", "gradients add up", TRAIN.replace(ZEROED, ""), {STEPS}),
    (
        "train",
        "the first batch only",
        TRAIN.replace("opt.step()", "opt.step(); break"),
        {STEPS, MODES},
    ),
    ("train", "no evaluation mode", TRAIN.replace("    model.eval()\n", ""), {STEPS, MODES}),
    (
        "train",
        "no training mode",
        TRAIN.replace("    model.train()\n", "    model.eval()\n"),
        {STEPS, MODES},
    ),
    ("train", "gradients while measuring", TRAIN.replace("no_grad", "enable_grad"), {MODES}),
    (
        "train",
        "learns from the test set too",
        TRAIN.replace("in dl_tr:", "in [*dl_tr, *dl_te]:"),
        {STEPS, MODES, TEST_SET},
    ),
    (
        "train",
        "keeps the better weights by the test set's labels",
        TRAIN.replace(
            "    return",
            "    with torch.no_grad():\n"
            "        model(torch.cat([x for x, _ in dl_te]))\n"
            "        next(model.parameters()).mul_(1 + right / 100)\n"
            "    return",
        ),
        {STEPS, MODES, TEST_SET},
    ),
    ("result", "a share that is not the network's", "share = 0.5\n", {SHARE}),
    (
        "result",
        "an untrained network",
        UNTRAINED,
        {UNSEEN},
    ),
]


@pytest.fixture(scope="module")
def arcs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The second master, built; its files can be imported as the worker does."""
    torch.set_num_threads(1)  # tiny networks: threads would only wait for each other
    built = build_assignment(AVERAGES.parent / "arcs", tmp_path_factory.mktemp("arcs"))
    parts = [str(built.autograder / part) for part in ("files", "hidden")]
    names = ("points", "reference")  # another exercise has modules of these names as well
    others = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path[:0] = parts
    yield built
    for part in parts:
        sys.path.remove(part)
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(others)


def cells(built: Built) -> list[dict[str, Any]]:
    """The cells of the solved notebook, as a worker gets them."""
    notebook = json.loads((built.solutions / built.notebook).read_text("utf-8"))
    return [
        {"id": c["id"], "cell_type": c["cell_type"], "source": "".join(c["source"])}
        for c in notebook["cells"]
    ]


@pytest.fixture(scope="module")
def solved(arcs: Built) -> dict[str, Any]:
    """The names of the solved notebook, all in this process as in plain Otter."""
    names: dict[str, Any] = {}
    torch.manual_seed(0)
    for cell in cells(arcs):
        if cell["cell_type"] == "code" and "grader" not in cell["source"]:
            exec(cell["source"], names)
    return names


def failed(built: Built, question: str, names: dict[str, Any]) -> Failed:
    """The checks of a question that fail in this process."""
    torch.manual_seed(1)
    found = set()
    for case in read_cases(built.autograder / "tests" / f"{question}.py"):
        try:
            case.body.call_func(names)
        except Exception:  # noqa: BLE001 - an answer may raise anything
            function = case.body.test_func.__name__
            found.add(function.removeprefix("test_").replace("_", " "))
    return found


@pytest.mark.parametrize("question", ["net", "train", "result"])
def test_the_solution_passes_in_plain_otter(
    arcs: Built, solved: dict[str, Any], question: str
) -> None:
    """In one process the library needs no worker."""
    assert failed(arcs, question, dict(solved)) == set()


@pytest.mark.parametrize(
    ("question", "source", "expected"),
    [pytest.param(q, source, expected, id=f"{q}: {what}") for q, what, source, expected in ANSWERS],
)
def test_each_answer_fails_the_checks_it_should(
    arcs: Built, solved: dict[str, Any], question: str, source: str, expected: Failed
) -> None:
    """Right answers pass however they are written; wrong ones fail where they are wrong."""
    names = dict(solved)
    exec(source, names)
    assert failed(arcs, question, names) == expected


@pytest.mark.bubblewrap
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"net": "no activation", "train": "learns from the test set too"},
        {"net": "a hidden layer cut off from the loss", "train": "gradients while measuring"},
    ],
    ids=["right", "wrong", "wrong in other ways"],
)
def test_the_worker_finds_the_same(arcs: Built, tmp_path: Path, chosen: dict[str, str]) -> None:
    """In a sandbox, from which only plain values come back, the same checks fail."""
    sources = {(q, what): source for q, what, source, _ in ANSWERS}
    want = {q: failing for q, what, _, failing in ANSWERS if chosen.get(q) == what}
    notebook = cells(arcs)
    for cell in notebook:
        if (what := chosen.get(cell["id"])) is not None:
            cell["source"] = sources[cell["id"], what]
    bundle = prepare_bundle(arcs.autograder, tmp_path / "cache")
    job = Job(notebook=json.dumps({"cells": notebook}).encode(), seed="00", limits=Limits())
    found = {
        question.name: {m.name for m in question.checks if m.verdict is not Verdict.PASSED}
        for question in LocalSandbox(bundle, "bubblewrap").grade(job).questions
    }
    assert Bundle.load(arcs.autograder).out_of == 13
    assert {name: found[name] for name in ("net", "train")} == {
        name: want.get(name, set()) for name in ("net", "train")
    }


def test_a_value_that_lies_is_no_value() -> None:
    """A subclass could answer every comparison with true."""

    class Liar(float):
        __hash__ = float.__hash__

        def __eq__(self, other: object) -> bool:
            return True

    with pytest.raises(AssertionError, match="must be an array"):
        learning.same(Liar(3), 4.0, "the loss")
    with pytest.raises(AssertionError, match="NaN"):
        learning.same(float("nan"), float("nan"), "the loss")


def test_layers_of_one_shape_are_matched_in_any_order() -> None:
    """Three hidden layers of one size, defined last to first, still compute the same."""
    ours, theirs = torch.nn.Sequential(), torch.nn.Sequential()
    for _ in range(3):
        ours.extend([torch.nn.Linear(4, 4), torch.nn.Tanh()])
    for position in (4, 2, 0):
        theirs.add_module(str(position), torch.nn.Linear(4, 4))

    class Reversed(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = theirs

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for position in "024":
                x = torch.tanh(self.parts.get_submodule(position)(x))
            return x

    learning.computes(Reversed(), ours, torch.randn(5, 4))


def test_the_examples_hold() -> None:
    """What the docstrings promise is what happens."""
    assert doctest.testmod(learning).failed == 0
    assert doctest.testmod(learning).attempted > 2
