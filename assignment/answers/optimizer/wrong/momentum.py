# momentum 0.9
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate, momentum=0.9)
