# no rate: 0.001
opt = torch.optim.SGD(model_fc.parameters())
