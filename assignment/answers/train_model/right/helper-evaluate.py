# a decorated helper measures the accuracy
@torch.no_grad()
def evaluate(model, loader):
    """Return the share of samples that are read right."""
    model.eval()
    hits = 0
    count = 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        hits += (model(x).argmax(dim=1) == y).sum().item()
        count += y.shape[0]
    return hits / count


def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for epoch in range(epochs):
        model.train()
        for x, y in dl_tr:
            x, y = x.to(device), y.to(device)
            loss = crit(model(x), y)
            loss.backward()
            opt.step()
            opt.zero_grad()
        acc = evaluate(model, dl_te)
        print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {acc:.3f}")
