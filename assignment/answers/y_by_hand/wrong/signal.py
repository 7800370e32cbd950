# the signal itself
y_by_hand = list(x)
