# both by keyword
opt = torch.optim.SGD(params=model_fc.parameters(), lr=learning_rate)
