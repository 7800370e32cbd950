# ASGD, which decays the weights a little
opt = torch.optim.ASGD(model_fc.parameters(), lr=learning_rate)
