# appended one by one
y_by_hand = [-2]
for i in range(1, 10):
    y_by_hand.append(int(x[i - 1]) - int(x[i + 1]))
print(y_by_hand)
