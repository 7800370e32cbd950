"""What a check does beside the answer, in the notebook's own process.

A check reaches these functions through `checking.student_side(env, "inside")` and
gets plain tensors, lists and numbers back.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

LIBRARY = ("convolve", "correlate", "conv1d", "conv2d", "conv_transpose", "lfilter", "upfirdn")


def logits(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """Return the logits of `images` in evaluation mode, on the CPU; the mode is put back."""
    parameters = list(model.parameters())
    assert parameters, "the network has no parameters"
    mode = model.training
    model.eval()
    with torch.no_grad():
        result = model(images.to(parameters[0].device))
    model.train(mode)
    return result.detach().cpu()


def gradients(
    model: nn.Module, images: torch.Tensor, labels: torch.Tensor
) -> list[list[torch.Tensor]]:
    """Return each parameter with the gradient of the mean cross-entropy of one batch.

    A parameter that the loss does not reach has no gradient and is left out.
    """
    model.zero_grad()
    nn.functional.cross_entropy(model(images), labels).backward()
    return [[p.detach(), p.grad.clone()] for p in model.parameters() if p.grad is not None]


def slope(
    criterion: Callable[..., torch.Tensor], values: torch.Tensor, labels: torch.Tensor
) -> torch.Tensor:
    """Return the gradient of criterion(values, labels) with respect to `values`."""
    leaf = values.clone().requires_grad_()
    criterion(leaf, labels).backward()
    assert leaf.grad is not None
    return leaf.grad


def steps(
    optimizer: torch.optim.Optimizer, model: nn.Module, pushes: list[list[torch.Tensor]]
) -> list[list[torch.Tensor]]:
    """Step the optimizer once for each list of gradients; return the parameters after each.

    Gradients are given in the order of `model.parameters()`. Model and optimizer are put
    back as they were, so that a wrong optimizer does not spoil the training that follows.
    """
    memory = copy.deepcopy(optimizer.state_dict())
    parameters = list(model.parameters())
    before = [p.detach().clone() for p in parameters]
    after = []
    for push in pushes:
        for parameter, gradient in zip(parameters, push, strict=True):
            parameter.grad = gradient.clone().to(parameter.device)
        optimizer.step()
        after.append([p.detach().cpu().clone() for p in parameters])
    with torch.no_grad():
        for parameter, value in zip(parameters, before, strict=True):
            parameter.copy_(value)
            parameter.grad = None
    optimizer.load_state_dict(memory)
    return after


class Watcher(nn.Module):
    """A model that notes for each call: training mode, gradients on, batch size."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.calls: list[list[int]] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what the watched model returns."""
        self.calls.append([int(self.training), int(torch.is_grad_enabled()), len(x)])
        result: torch.Tensor = self.model(x)
        return result


def called(function: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Return [result, arguments after the call]."""
    return [function(*arguments), list(arguments)]


def library_calls(function: Callable[..., Any], *arguments: Any) -> list[str]:
    """Return the names of library convolutions that `function` calls, by whatever name."""
    found: list[str] = []

    def note(frame: Any, event: str, detail: Any) -> None:
        if event == "c_call":
            name, home = getattr(detail, "__name__", ""), "library"
        else:
            name, home = frame.f_code.co_name, frame.f_code.co_filename
        foreign = home == "library" or "site-packages" in home or "dist-packages" in home
        public = event in ("call", "c_call") and not name.startswith("_")
        if foreign and public and any(word in name for word in LIBRARY):
            found.append(name)

    sys.setprofile(note)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return found
