# trainable ones counted on a new network
parameters_fc = sum(p.numel() for p in FC().parameters() if p.requires_grad)
