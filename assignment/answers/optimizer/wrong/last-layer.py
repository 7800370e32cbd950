# the parameters of the last layer
opt = torch.optim.SGD(list(model_fc.parameters())[-2:], lr=learning_rate)
