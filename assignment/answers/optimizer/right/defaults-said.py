# the defaults said aloud
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate, momentum=0, dampening=0, weight_decay=0, nesterov=False)
