# the signal is flipped in place of the filter
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = add_padding_1d(x, k)[::-1]
    flipped = h
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
