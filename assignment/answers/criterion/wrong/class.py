# the class, not an object
criterion = nn.CrossEntropyLoss
