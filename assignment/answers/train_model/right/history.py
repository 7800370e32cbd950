# returns the history; predictions are gathered and compared at the end
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    history = {"loss": [], "acc": []}
    for epoch in range(epochs):
        model.train(True)
        losses = []
        for x, y in dl_tr:
            x = x.to(device)
            y = y.to(device)
            opt.zero_grad()
            loss = crit(model(x), y)
            loss.backward()
            opt.step()
            losses.append(loss.detach())
        history["loss"].append(torch.stack(losses).mean().item())

        model.train(False)
        predictions, labels = [], []
        with torch.no_grad():
            for x, y in dl_te:
                predictions.append(model(x.to(device)).argmax(dim=1).cpu())
                labels.append(y)
        acc = (torch.cat(predictions) == torch.cat(labels)).float().mean().item()
        history["acc"].append(acc)
        print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {acc:.3f}")
    return history
