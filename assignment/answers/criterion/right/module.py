# nn.CrossEntropyLoss
criterion = nn.CrossEntropyLoss()
