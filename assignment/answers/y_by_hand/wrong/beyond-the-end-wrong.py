# zeros beyond the signal, where y[25] is 5
y_by_hand = [-2, 0, 0, 0, 0, 0, -8, -8, 0, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0, -4, -4, 0, 0, 0, 5, 0, 0]
