# the sum over the batch
criterion = nn.CrossEntropyLoss(reduction="sum")
