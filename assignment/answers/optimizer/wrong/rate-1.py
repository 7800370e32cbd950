# rate 1
opt = torch.optim.SGD(model_fc.parameters(), lr=1)
