# multi-class margin loss
criterion = nn.MultiMarginLoss()
