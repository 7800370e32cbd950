# NaN
y_by_hand = [-2, 0, 0, float("nan")]
