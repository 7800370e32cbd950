# a tensor
parameters_fc = torch.tensor(sum(p.numel() for p in model_fc.parameters()))
