# the rate turned into a text
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate)
learning_rate = str(learning_rate)
