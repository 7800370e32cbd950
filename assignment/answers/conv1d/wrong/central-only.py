# the ends, where the padding shows, stay 0
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = add_padding_1d(x, k)
    flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(k // 2, len(x) - k // 2):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
