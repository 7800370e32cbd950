# the network is made anew first
torch.manual_seed(1)
model_fc = FC().to(device)
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate)
