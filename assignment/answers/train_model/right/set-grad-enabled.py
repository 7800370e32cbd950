# set_grad_enabled for both phases
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    for epoch in range(epochs):
        for phase, dl in (("train", dl_tr), ("test", dl_te)):
            training = phase == "train"
            model.train(training)
            hits = count = 0
            for x, y in dl:
                x, y = x.to(device), y.to(device)
                with torch.set_grad_enabled(training):
                    out = model(x)
                    if training:
                        loss = crit(out, y)
                        opt.zero_grad()
                        loss.backward()
                        opt.step()
                hits += torch.sum(out.argmax(1) == y).item()
                count += len(y)
        print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {hits / count:.3f}")
