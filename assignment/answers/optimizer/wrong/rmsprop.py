# RMSprop
opt = torch.optim.RMSprop(model_fc.parameters(), lr=learning_rate)
