# only filters of three values
def convolution_one_dimensional(x, h):
    padded = add_padding_1d(x, 3)
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = padded[i] * h[2] + padded[i + 1] * h[1] + padded[i + 2] * h[0]
    return y
