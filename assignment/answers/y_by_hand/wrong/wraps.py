# x[-1] is the last value of the array
y_by_hand = [x[i - 1] - x[i + 1] for i in range(5)]
