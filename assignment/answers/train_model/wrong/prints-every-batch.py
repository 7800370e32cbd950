# a test accuracy after each batch
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for epoch in range(epochs):
        for x, y in dl_tr:
            model.train()
            x, y = x.to(device), y.to(device)
            loss = crit(model(x), y)
            loss.backward()
            opt.step()
            opt.zero_grad()
            model.eval()
            right, seen = 0.0, 0
            with torch.no_grad():
                for xt, yt in dl_te:
                    right += accuracy(model(xt), yt) * len(yt)
                    seen += len(yt)
            print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {right / seen:.3f}")
