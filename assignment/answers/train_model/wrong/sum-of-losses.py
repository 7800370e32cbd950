# one step for the sum of the losses of an epoch
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for epoch in range(epochs):
        model.train()
        loss = 0
        for x, y in dl_tr:
            x, y = x.to(device), y.to(device)
            loss = loss + crit(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        model.eval()
        right, seen = 0.0, 0
        with torch.no_grad():
            for x, y in dl_te:
                x, y = x.to(device), y.to(device)
                right += accuracy(model(x), y) * len(y)
                seen += len(y)
        print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {right / seen:.3f}")
