# puts the model back into training mode, seeds nothing, logs every 100 batches
def train_model(model, crit, opt, dl_tr, dl_te, epochs):
    model.to(device)
    for epoch in range(epochs):
        for batch, (x, y) in enumerate(dl_tr):
            model.train()
            x, y = x.to(device), y.to(device)
            pred = model(x)  # 5.2
            loss = crit(pred, y)  # 5.3
            loss.backward()  # 5.4
            opt.step()  # 5.5
            opt.zero_grad()  # 5.6
            if batch % 100 == 0:
                print(f"  batch {batch}: loss {loss.item():>7f}")
        model.eval()
        right = seen = 0
        with torch.no_grad():
            for x, y in dl_te:
                x, y = x.to(device), y.to(device)
                right += accuracy(model(x), y) * len(x)
                seen += len(x)
        model.train()
        print(f"epoch {epoch + 1}/{epochs}: training loss {loss.item():.3f}, test accuracy {right / seen:.3f}")
