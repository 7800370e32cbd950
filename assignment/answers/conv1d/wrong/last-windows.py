# for even filters the last N windows in place of the first
def convolution_one_dimensional(x, h):
    K = len(h)
    padded = add_padding_1d(x, K)
    y = np.array([np.dot(padded[i : i + K], h[::-1]) for i in range(len(padded) - K + 1)])
    return y[len(y) - len(x) :]
