# label smoothing
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
