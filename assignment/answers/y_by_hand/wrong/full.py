# the full convolution starts one too early
y_by_hand = np.convolve(x, h).tolist()
