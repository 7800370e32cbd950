# a filter longer than the signal is an error
def convolution_one_dimensional(x, h):
    if len(h) > len(x):
        raise ValueError("the filter is longer than the signal")
    k = len(h)
    padded = add_padding_1d(x, k)
    flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
