# Adadelta
opt = torch.optim.Adadelta(model_fc.parameters(), lr=learning_rate)
