# a mean in place of a sum
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = add_padding_1d(x, k)
    flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.mean(padded[i : i + k] * flipped)
    return y
