# trainable parameters, counted in a loop
parameters_lenet = 0
for name, p in model_lenet.named_parameters():
    if p.requires_grad:
        print(name, p.numel())
        parameters_lenet += p.numel()
