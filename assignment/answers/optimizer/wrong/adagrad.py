# Adagrad
opt = torch.optim.Adagrad(model_fc.parameters(), lr=learning_rate)
