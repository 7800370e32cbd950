# rate 0.01
opt = torch.optim.SGD(model_fc.parameters(), lr=0.01)
