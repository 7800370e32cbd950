# np.mean of the accuracies of the batches
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for epoch in range(epochs):
        model.train()
        for x, y in dl_tr:
            x, y = x.to(device), y.to(device)
            opt.zero_grad()
            loss = crit(model(x), y)
            loss.backward()
            opt.step()
        model.eval()
        accs = []
        with torch.no_grad():
            for x, y in dl_te:
                x, y = x.to(device), y.to(device)
                accs.append(accuracy(model(x), y))
        print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {np.mean(accs):.3f}")
