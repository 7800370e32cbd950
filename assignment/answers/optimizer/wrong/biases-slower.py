# another rate for the biases
opt = torch.optim.SGD(
    [
        {"params": [p for p in model_fc.parameters() if p.ndim == 2]},
        {"params": [p for p in model_fc.parameters() if p.ndim == 1], "lr": 0.01},
    ],
    lr=learning_rate,
)
