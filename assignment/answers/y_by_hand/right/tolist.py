# tolist of an array
y_by_hand = np.convolve(x, h, mode="same").tolist()
