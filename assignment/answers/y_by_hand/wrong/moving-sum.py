# a sum of three neighbours
y_by_hand = [4, 6, 6]
