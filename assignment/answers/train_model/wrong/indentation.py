# only the last batch of each epoch is used
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for epoch in range(epochs):
        model.train()
        for x, y in dl_tr:
            x, y = x.to(device), y.to(device)
        logits = model(x)
        loss = crit(logits, y)
        loss.backward()
        opt.step()
        opt.zero_grad()

        model.eval()
        right, seen = 0.0, 0
        with torch.no_grad():
            for x, y in dl_te:
                x, y = x.to(device), y.to(device)
                right += accuracy(model(x), y) * len(y)
                seen += len(y)
        print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {right / seen:.3f}")
