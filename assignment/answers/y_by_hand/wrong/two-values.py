# two values only
y_by_hand = [-2, 0]
