# a list of NumPy numbers
padded = np.concatenate([[0], x, [0]])
y_by_hand = [padded[i] - padded[i + 2] for i in range(len(x))]
