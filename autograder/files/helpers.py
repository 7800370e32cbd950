"""What the notebook needs beside PyTorch: data in batches, accuracy, pictures, a drawing pad.

Import this module before `torchvision`. The published torchvision is built for
CUDA; beside a CPU-only torch its compiled operators are missing and the import
stops. We use its data sets alone, so declaring the missing operators is enough.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import torch
from drawing import DrawingPad
from pictures import load_blackwhite_image, show
from sliding import visualize_convolution
from torch.utils.data import Dataset

__all__ = [
    "DrawingPad",
    "ImageBatches",
    "accuracy",
    "as_it_is",
    "load_blackwhite_image",
    "show",
    "visualize_convolution",
]


def _import_torchvision() -> Any:
    """Import torchvision; where its operators are missing, declare them and try again."""
    try:
        return importlib.import_module("torchvision")
    except RuntimeError:  # operator torchvision::nms does not exist
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _KEPT.append(library)  # the declaration lives as long as this object
        return importlib.import_module("torchvision")


_KEPT: list[Any] = []
_import_torchvision()


class ImageBatches(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """torchvision's MNIST as float images, handed to a `DataLoader` a batch at a time.

    Decoding one image after the other costs more than training on them. A
    `DataLoader` calls `__getitems__` where a data set has it, so each batch is one
    indexing operation; give the loader `collate_fn=as_it_is`, since nothing is left to stack.

    Parameters
    ----------
    mnist : torchvision.datasets.MNIST
        Has `data`, uint8 (N, 28, 28), and `targets`, int64 (N,).
    flat : bool
        Images of shape (784,) where true, else (1, 28, 28). Values lie in [0, 1].
    """

    def __init__(self, mnist: Any, flat: bool = False) -> None:
        self.images: torch.Tensor = mnist.data.flatten(1) if flat else mnist.data[:, None]
        self.labels: torch.Tensor = mnist.targets

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """Return image and label at `index`; a list or slice gives as many of both."""
        return self.images[index].float() / 255, self.labels[index]

    def __getitems__(self, indices: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return images, (B, 784) or (B, 1, 28, 28), and labels, (B,)."""
        return self[torch.tensor(indices)]


def as_it_is(batch: Any) -> Any:
    """Return the batch unchanged: the `collate_fn` for `ImageBatches`."""
    return batch


def accuracy(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the share of rows of `logits`, (B, C), whose largest entry is at `labels`, (B,)."""
    if logits.ndim != 2 or labels.shape != logits.shape[:1] or len(labels) == 0:
        raise ValueError(
            f"accuracy needs logits (B, C) and labels (B,) with B at least 1, "
            f"got {tuple(logits.shape)} and {tuple(labels.shape)}"
        )
    return (logits.argmax(dim=1) == labels).float().mean().item()
