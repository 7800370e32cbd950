# AdamW
opt = torch.optim.AdamW(model_fc.parameters(), lr=learning_rate)
