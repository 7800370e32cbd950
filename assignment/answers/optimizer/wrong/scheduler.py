# a scheduler in place of the optimizer
opt = torch.optim.lr_scheduler.StepLR(torch.optim.SGD(model_fc.parameters(), lr=learning_rate), step_size=1)
