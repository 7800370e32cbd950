# left open after the first value
y_by_hand = [-2, ...]
