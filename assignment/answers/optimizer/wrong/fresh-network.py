# the parameters of a fresh network
opt = torch.optim.SGD(FC().parameters(), lr=learning_rate)
