# one variable for each value
y0 = -2
y1 = x[0] * 1 + x[1] * 0 + x[2] * (-1)
y2 = x[1] * 1 + x[2] * 0 + x[3] * (-1)
y_by_hand = [y0, y1, y2]
