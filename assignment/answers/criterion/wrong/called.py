# called at once, with nothing
criterion = F.cross_entropy()
