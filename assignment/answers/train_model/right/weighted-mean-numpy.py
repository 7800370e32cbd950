# np.average with the batch sizes as weights
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for epoch in range(epochs):
        model.train()
        for x, y in dl_tr:
            opt.zero_grad()
            logits = model(x.to(device))
            loss = crit(logits, y.to(device))
            loss.backward()
            opt.step()
        model.eval()
        accs, sizes = [], []
        with torch.no_grad():
            for x, y in dl_te:
                accs.append(accuracy(model(x.to(device)), y.to(device)))
                sizes.append(len(y))
        print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {np.average(accs, weights=sizes):.3f}")
