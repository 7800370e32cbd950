# one group for each parameter
opt = torch.optim.SGD([{"params": [p]} for p in model_fc.parameters()], lr=learning_rate)
