# the edge gives one value only
y_by_hand = [-2, 0, 0, 0, 0, 0, -8, 0, 0]
