# the full name, mean said aloud
criterion = torch.nn.CrossEntropyLoss(reduction="mean")
