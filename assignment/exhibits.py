"""What feedback shows below the trained networks; it earns and costs nothing.

The curve is read from the line that `train_model` prints for each epoch. The misread
digits are of the test set that everybody has, as the student's own network reads them.
How many of the hidden images were read right is for staff alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import digits
import numpy as np
import reference
import torch
from checking import plain, student_side

NAMES = {"fc": "Perceptron", "lenet": "LeNet", "cnn": "CNN"}
IMAGES = 1000  # of the test set, as many as the public check reads
SHOWN = 12


def fc_accuracy(env: Any, printed: str) -> Iterator[dict[str, Any]]:
    """Yield what there is to see of the perceptron."""
    return _network(env, printed, "fc")


def lenet_accuracy(env: Any, printed: str) -> Iterator[dict[str, Any]]:
    """Yield what there is to see of LeNet."""
    return _network(env, printed, "lenet")


def cnn_accuracy(env: Any, printed: str) -> Iterator[dict[str, Any]]:
    """Yield what there is to see of the CNN."""
    return _network(env, printed, "cnn")


def _network(env: Any, printed: str, kind: str) -> Iterator[dict[str, Any]]:
    if kind in reference.MEASURED:  # only once the hidden check has come that far
        bars = json.loads(Path(reference.HERE / "thresholds.json").read_text())["digits"][kind]
        yield {
            "title": f"{NAMES[kind]}: hidden images read right",
            "measure": reference.MEASURED[kind],
            "bar": bars["holdout"]["bar"],
            "staff": True,
        }
    found = re.findall(r"test accuracy:? *([01]?\.?[0-9]+)", printed)
    shares = [float(text) for text in found if float(text) <= 1.0]
    if shares:
        title = f"{NAMES[kind]}: test accuracy after each epoch"
        yield {"title": title, "curve": shares[-50:], "x": "epoch", "y": "test accuracy"}
    yield from _misread(env, kind)


def _misread(env: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the first digits of the test set that the network takes for others."""
    images, labels = digits.read_set(Path(digits.__file__).resolve().parent / "data", "t10k")
    x = torch.from_numpy(images[:IMAGES].astype(np.float32) / 255)
    x = x.flatten(1) if kind == "fc" else x[:, None]
    logits = plain(student_side(env, "inside").logits(env[f"model_{kind}"], x), "logits")
    if logits.shape != (len(x), 10):
        return
    read = logits.argmax(axis=1)
    wrong = np.flatnonzero(read != labels[:IMAGES])
    if len(wrong):
        pictures = [(f"{labels[n]} read as {read[n]}", images[n]) for n in wrong[:SHOWN]]
        title = f"{NAMES[kind]}: {len(wrong)} of {len(x)} test images are misread"
        title += f"; the first {SHOWN}" if len(wrong) > SHOWN else ""
        yield {"title": title, "pictures": pictures}
