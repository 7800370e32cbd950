# gradients zeroed before the forward pass
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    """Train `model` on `dl_tr`; after each epoch print its accuracy on `dl_te`."""
    for epoch in range(epochs):
        model.train()
        for x, y in dl_tr:  # 5.1: images (B, ...), labels (B,)
            x, y = x.to(device), y.to(device)
            opt.zero_grad()
            output = model(x)
            loss = crit(output, y)
            loss.backward()
            opt.step()

        model.eval()
        right, seen = 0.0, 0
        with torch.no_grad():
            for x, y in dl_te:
                x, y = x.to(device), y.to(device)
                right += accuracy(model(x), y) * len(y)
                seen += len(y)
        print(
            f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, "
            f"test accuracy {right / seen:.3f}"
        )
