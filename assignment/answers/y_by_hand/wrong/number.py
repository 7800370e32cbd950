# a number
y_by_hand = -2
