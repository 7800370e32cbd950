# the value that is given
y_by_hand = [-2]
