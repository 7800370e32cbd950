# parameters without brackets
opt = torch.optim.SGD(model_fc.parameters, lr=learning_rate)
