# weight decay 1e-5
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate, weight_decay=1e-5)
