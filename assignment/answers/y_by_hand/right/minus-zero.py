# a negative zero is a zero
y_by_hand = [-2.0, -0.0, 0.0, -0.0, 0.0]
