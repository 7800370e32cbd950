# printed, not stored
print(sum(p.numel() for p in model_fc.parameters()))
