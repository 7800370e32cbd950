# a filter longer than the signal is cut
def convolution_one_dimensional(x, h):
    h = h[: len(x)]
    k = len(h)
    padded = add_padding_1d(x, k)
    flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
