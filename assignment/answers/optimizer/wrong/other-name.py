# stored under another name
optimizer = torch.optim.SGD(model_fc.parameters(), lr=learning_rate)
