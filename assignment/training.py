"""Our own training loop, and what the hidden checks of `train_model` ask of the student's.

The student's function trains a small network of the student's torch, with real loaders
and optimizers. Ours trains the same network from the same weights. At the end all
weights and running statistics must agree, and so must the printed accuracies: the
weights tell whether the steps were right, so no check rests on the printed line alone.
"""

from __future__ import annotations

import contextlib
import copy
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import torch
from checking import listed, plain, same, student_side, usable
from reference import DRAWS, STEADY, close

PRINTED = 0.006  # a printed accuracy may be rounded to two digits
EPOCHS = 3
TRAIN, TEST = 22, 9  # samples; neither is a multiple of a batch size used here

Batches = Sequence[tuple[torch.Tensor, torch.Tensor]]


def trajectory(
    model: torch.nn.Module,
    crit: Callable[..., torch.Tensor],
    optimizer: torch.optim.Optimizer,
    train: Batches,
    test: Batches,
) -> list[float]:
    """Train in place; return the accuracy on `test` after each epoch."""
    results = []
    for _ in range(EPOCHS):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            crit(model(x), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right = sum(int((model(x).argmax(dim=1) == y).sum()) for x, y in test)
        results.append(right / sum(len(y) for _, y in test))
    return results


def tiny(torch_: Any, normalised: bool) -> Any:
    """Return a small network for six inputs and four classes, from either side's torch."""
    nn = torch_.nn
    if normalised:
        return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 4))
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))


def optimizer(torch_: Any, kind: str, model: Any) -> Any:
    """Return an optimizer from either side's torch: "sgd", "momentum" or "adam"."""
    if kind == "adam":
        return torch_.optim.Adam(model.parameters(), lr=0.03, eps=1e-3)
    momentum = 0.8 if kind == "momentum" else 0.0
    return torch_.optim.SGD(model.parameters(), lr=0.2, momentum=momentum)


def samples(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return random inputs, (count, 6), and labels, (count,)."""
    return torch.randn(count, 6), torch.randint(4, (count,))


def steady_samples(
    network: torch.nn.Module, kind: str, sizes: tuple[int, int]
) -> tuple[tuple[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """Return training and test samples on which two right loops end alike.

    The loss has kinks. A sample that comes close to one is decided by the last digit: one
    draw in a hundred ended 0.0008 apart for one thread and for two. Such draws are drawn
    again: single and double precision must agree.
    """
    for _ in range(DRAWS):
        train, test = samples(TRAIN), samples(TEST)
        single, double = (
            end(network, kind, dtype, (batches(*train, sizes[0]), batches(*test, sizes[1])))
            for dtype in (torch.float32, torch.float64)
        )
        errors = [
            float(((a - b).abs() / b.abs().clamp(min=1)).max())
            for a, b in zip(single, double, strict=True)
        ]
        if max(errors) <= STEADY:
            break
    return train, test


def end(
    start: torch.nn.Module, kind: str, dtype: torch.dtype, parts: tuple[Batches, Batches]
) -> list[torch.Tensor]:
    """Return where our loop leads from a copy of `start`, in some precision, as float64."""
    network = copy.deepcopy(start).to(dtype)
    train, test = ([(x.to(dtype), y) for x, y in part] for part in parts)
    trajectory(network, torch.nn.MultiMarginLoss(), optimizer(torch, kind, network), train, test)
    return [value.double() for value in network.state_dict().values()]


def loader(env: Any, x: torch.Tensor, y: torch.Tensor, size: int) -> Any:
    """Return a real DataLoader on the student's side; its last batch may be smaller."""
    data = env["torch"].utils.data
    return data.DataLoader(data.TensorDataset(x, y), batch_size=size)


def batches(x: torch.Tensor, y: torch.Tensor, size: int) -> Batches:
    """Return the batches of that loader."""
    return list(zip(x.split(size), y.split(size), strict=True))


def follows(
    env: Any,
    train_model: Any,
    kind: str,
    *,
    normalised: bool = False,
    sizes: tuple[int, int] = (4, 4),
    watched: bool = False,
) -> list[list[int]]:
    """Assert that `train_model` ends with our weights and prints our accuracies.

    The loss is the multi-class margin loss, which no global of the notebook is. Returns
    what a watcher around the network noted, an empty list where none was asked for.
    """
    usable(train_model, "train_model")
    there = env["torch"]
    theirs = tiny(there, normalised).to(env["device"])
    ours = tiny(torch, normalised)
    theirs.load_state_dict(ours.state_dict())  # the start is ours: small enough to see a step
    (x, y), (x_test, y_test) = steady_samples(ours, kind, sizes)
    right = trajectory(
        ours,
        torch.nn.MultiMarginLoss(),
        optimizer(torch, kind, ours),
        batches(x, y, sizes[0]),
        batches(x_test, y_test, sizes[1]),
    )
    model = student_side(env, "inside").Watcher(theirs) if watched else theirs
    loaders = loader(env, x, y, sizes[0]), loader(env, x_test, y_test, sizes[1])
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        train_model(
            model, there.nn.MultiMarginLoss(), optimizer(there, kind, theirs), *loaders, EPOCHS
        )
    same_state(state(theirs), ours.state_dict())
    same_accuracies(printed.getvalue(), right)
    return calls(model) if watched else []


def state(model: Any) -> dict[str, torch.Tensor]:
    """Return a network's weights and statistics by value."""
    found = model.state_dict()
    assert isinstance(found, dict), "state_dict() gave no dictionary"
    for key, value in found.items():
        plain(value, f"entry {key}")
    return {key: value.detach().cpu().clone() for key, value in found.items()}


def same_state(got: dict[str, torch.Tensor], want: dict[str, torch.Tensor]) -> None:
    """Assert that two networks hold the same weights and statistics."""
    assert set(got) == set(want), "the network has other parts after training"
    tolerance = close("weights after training")
    for key, value in want.items():
        same(got[key], value.numpy(), f"{key} after training", tolerance, kinds="fi")


def same_accuracies(printed: str, want: list[float]) -> None:
    """Assert that one accuracy was printed for each epoch, and the right one."""
    found = re.findall(r"test accuracy:? *([0-9]*\.?[0-9]+)", printed)
    assert len(found) == len(want), f"{len(found)} lines with a test accuracy, not {len(want)}"
    for text, value in zip(found, want, strict=True):
        assert abs(float(text) - value) <= PRINTED, f"printed {text}, expected {value:.3f}"


def calls(model: Any) -> list[list[int]]:
    """Return a watcher's notes by value: training mode, gradients on, batch size."""
    notes = model.calls
    assert type(notes) is list, "the notes are no list"
    for note in notes:
        listed(note, 3, "a note")
        assert all(type(item) is int for item in note), "a note holds something else than numbers"
    return notes


def calls_are_right(env: Any, train_model: Any) -> None:
    """Assert the mode and the gradients of each call, told apart by the batch sizes."""
    notes = follows(env, train_model, "sgd", sizes=(5, 4), watched=True)
    training, measuring = {5, TRAIN % 5}, {4, TEST % 4}
    assert not training & measuring, "sizes must tell training from measuring"
    for size in training | measuring:
        assert any(note[2] == size for note in notes), f"no batch of {size} samples was seen"
    for mode, grad, size in notes:
        assert size in training | measuring, f"a batch of {size} samples"
        learns = size in training
        assert (mode, grad) == (int(learns), int(learns)), f"a batch of {size}: {mode}, {grad}"
