# starts with y[1]
y_by_hand = [0, 0, 0]
