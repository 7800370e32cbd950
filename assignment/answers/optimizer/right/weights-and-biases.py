# weights and biases in two groups
weights_ = [p for n, p in model_fc.named_parameters() if n.endswith("weight")]
biases_ = [p for n, p in model_fc.named_parameters() if n.endswith("bias")]
opt = torch.optim.SGD([{"params": weights_}, {"params": biases_}], lr=learning_rate)
