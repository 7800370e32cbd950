# Adam
opt = torch.optim.Adam(model_fc.parameters(), lr=learning_rate)
