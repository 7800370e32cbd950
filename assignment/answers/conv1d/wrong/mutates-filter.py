# the filter is reversed in place
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = add_padding_1d(x, k)
    h[:] = h[::-1].copy()
    flipped = h
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
