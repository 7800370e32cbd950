# one loss for each sample
criterion = nn.CrossEntropyLoss(reduction="none")
