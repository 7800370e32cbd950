# even filters are refused
def convolution_one_dimensional(x, h):
    k = len(h)
    assert k % 2 == 1, "the filter must be odd"
    padded = add_padding_1d(x, k)
    flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
