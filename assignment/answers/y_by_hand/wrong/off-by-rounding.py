# not quite whole
y_by_hand = [-2, 0.1, 0]
