# learning_rate is deleted
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate)
del learning_rate
