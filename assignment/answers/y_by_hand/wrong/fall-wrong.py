# the fall from 10 to 1 taken as 10
y_by_hand = [-2, 0, 0, 0, 0, 0, -8, -8, 0, 0, 0, 10, 10]
