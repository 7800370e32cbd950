# weight decay 5e-4, as in many recipes
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate, weight_decay=5e-4)
