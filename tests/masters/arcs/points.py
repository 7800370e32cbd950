"""Made-up points of two classes."""

import torch


def arcs(count, seed):
    """Return points, (count, 2), on two arcs with a little noise, and their classes, (count,)."""
    draw = torch.Generator().manual_seed(seed)
    label = torch.arange(count) % 2
    angle = torch.pi * torch.rand(count, generator=draw)
    side = 1.0 - 2.0 * label
    x = torch.stack([torch.cos(angle) + label - 0.5, side * torch.sin(angle) + 0.5 * label], dim=1)
    return x + 0.08 * torch.randn(count, 2, generator=draw), label
