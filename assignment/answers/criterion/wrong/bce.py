# binary cross-entropy
criterion = nn.BCEWithLogitsLoss()
