# a little momentum
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate, momentum=0.1)
