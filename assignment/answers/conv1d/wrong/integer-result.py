# the result has the type of the signal
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = add_padding_1d(x, k)
    flipped = h[::-1]
    y = np.zeros_like(x)
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
