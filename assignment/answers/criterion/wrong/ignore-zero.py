# class 0 is ignored
criterion = nn.CrossEntropyLoss(ignore_index=0)
