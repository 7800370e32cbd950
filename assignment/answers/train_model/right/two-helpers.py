# one function for an epoch, one for the test
def train_epoch(model, crit, opt, dl):
    model.train()
    for xb, yb in dl:
        xb, yb = xb.to(device), yb.to(device)
        logits = model(xb)
        loss = crit(logits, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss


def test_accuracy(model, dl):
    model.eval()
    n, k = 0, 0
    with torch.inference_mode():
        for xb, yb in dl:
            xb, yb = xb.to(device), yb.to(device)
            k += int((model(xb).argmax(1) == yb).sum())
            n += len(yb)
    return k / n


def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for e in range(1, epochs + 1):
        loss = train_epoch(model, crit, opt, dl_tr)
        print(f"epoch {e}: training loss {loss.item()}, test accuracy {test_accuracy(model, dl_te)}")
