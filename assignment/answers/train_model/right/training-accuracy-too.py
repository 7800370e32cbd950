# counts the training accuracy from the same logits; print with commas
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for epoch in range(epochs):
        model.train()
        n_right, n_seen = 0, 0
        for x, y in dl_tr:
            x, y = x.to(device), y.to(device)
            logits = model(x)
            loss = crit(logits, y)
            loss.backward()
            opt.step()
            opt.zero_grad()
            n_right += (logits.argmax(dim=1) == y).sum().item()
            n_seen += y.numel()
        train_acc = n_right / n_seen

        model.eval()
        n_right, n_seen = 0, 0
        with torch.no_grad():
            for x, y in dl_te:
                x, y = x.to(device), y.to(device)
                n_right += (model(x).argmax(dim=-1) == y).sum().item()
                n_seen += y.numel()
        print("epoch", epoch + 1, "loss", round(loss.item(), 3), "training accuracy", round(train_acc, 3), end=", ")
        print("test accuracy", round(n_right / n_seen, 3))
