# the rate is set again to the same value
learning_rate = 1e-1
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate)
