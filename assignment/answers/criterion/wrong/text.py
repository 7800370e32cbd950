# the name as a text
criterion = "cross_entropy"
