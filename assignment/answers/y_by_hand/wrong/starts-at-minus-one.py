# starts with y[-1]
y_by_hand = [-2, -2, 0, 0]
