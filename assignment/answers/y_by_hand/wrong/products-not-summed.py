# the three products of y[0]
y_by_hand = [0, 0, -2]
