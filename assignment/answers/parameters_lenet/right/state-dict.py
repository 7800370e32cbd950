# state_dict and numel
parameters_lenet = sum(t.numel() for t in CNN_LeNet().state_dict().values())
