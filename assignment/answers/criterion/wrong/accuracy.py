# the accuracy
criterion = accuracy
