# the global rate is changed after the optimizer is made
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate)
learning_rate = 1e-3
