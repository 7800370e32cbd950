"""Idea: Sparse, meta, quantised, expanded and nested tensors, whose bytes are not where they seem.
Must: Each is an unfit answer, or its values; none crashes the kernel's agent for later questions.
"""

try:
    import torch
except ImportError:
    torch = None


def forge(name):
    makers = [
        lambda: torch.sparse_coo_tensor([[0]], [1.0], (1 << 40,)),
        lambda: torch.empty(1 << 40, device="meta"),
        lambda: torch.quantize_per_tensor(torch.ones(9), 1e-30, 0, torch.qint8),
        lambda: torch.ones(1).expand(1 << 40),
        lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(1 << 20)]),
    ]
    return lambda *given: makers[len(given[0]) % 5]()
