# nine values, as in the solution
y_by_hand = [-2, 0, 0, 0, 0, 0, -8, -8, 0]
