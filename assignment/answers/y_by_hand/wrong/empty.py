# an empty list
y_by_hand = []
