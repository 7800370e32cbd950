# the weights without the biases
opt = torch.optim.SGD([p for p in model_fc.parameters() if p.ndim == 2], lr=learning_rate)
