# the network is made anew after the optimizer
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate)
model_fc = FC().to(device)
