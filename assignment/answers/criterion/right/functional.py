# F.cross_entropy itself
criterion = F.cross_entropy
