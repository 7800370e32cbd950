# type hints, docstring, assertions, four digits
from collections.abc import Callable


def train_model(
    model: nn.Module,
    crit: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    opt: torch.optim.Optimizer,
    dl_tr: DataLoader,
    dl_te: DataLoader,
    epochs: int = 1,
) -> None:
    """Train a network and report."""
    assert epochs >= 0
    for epoch in range(epochs):
        model.train()
        for (x, y) in dl_tr:
            x, y = x.to(device), y.to(device)
            opt.zero_grad(set_to_none=True)
            loss: torch.Tensor = crit(model(x), y)
            loss.backward()
            opt.step()
        model.eval()
        counts = []
        with torch.no_grad():
            for (x, y) in dl_te:
                x, y = x.to(device), y.to(device)
                counts.append((accuracy(model(x), y) * y.shape[0], y.shape[0]))
        acc = sum(c[0] for c in counts) / sum(c[1] for c in counts)
        print("epoch {}/{}: training loss {:.3f}, test accuracy {:.4f}".format(epoch + 1, epochs, loss.item(), acc))
