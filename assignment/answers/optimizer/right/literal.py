# the value in place of the name
opt = torch.optim.SGD(model_fc.parameters(), lr=0.1)
