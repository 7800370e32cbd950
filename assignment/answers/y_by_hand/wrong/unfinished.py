# left as it was handed out
raise NotImplementedError("Question y_by_hand: y_by_hand = [-2, ...]")
