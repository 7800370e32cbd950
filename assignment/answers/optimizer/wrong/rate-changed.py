# the global rate is changed
learning_rate = 0.01
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate)
