# class 9 is ignored
criterion = nn.CrossEntropyLoss(ignore_index=9)
