# next on an iterator, while loop
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    epoch = 0
    while epoch < epochs:
        model.train()
        batches = iter(dl_tr)
        while True:
            try:
                x, y = next(batches)
            except StopIteration:
                break
            x, y = x.to(device), y.to(device)
            z = model(x)
            loss = crit(z, y)
            loss.backward()
            opt.step()
            opt.zero_grad()
        model.eval()
        with torch.no_grad():
            pairs = [(model(x.to(device)).cpu(), y) for x, y in dl_te]
        logits = torch.cat([p[0] for p in pairs])
        labels = torch.cat([p[1] for p in pairs])
        print("epoch %d/%d: training loss %.3f, test accuracy %.3f" % (epoch + 1, epochs, loss.item(), accuracy(logits, labels)))
        epoch += 1
