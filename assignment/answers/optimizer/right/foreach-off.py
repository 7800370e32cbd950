# foreach switched off, zeroed, printed
opt = torch.optim.SGD(model_fc.parameters(), lr=learning_rate, foreach=False)
opt.zero_grad()
print(opt)
