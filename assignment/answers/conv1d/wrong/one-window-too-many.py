# for even filters one window too many
def convolution_one_dimensional(x, h):
    K = len(h)
    padded = add_padding_1d(x, K)
    y = np.zeros(len(padded) - K + 1)
    for i in range(len(y)):
        y[i] = np.dot(padded[i : i + K], h[::-1])
    return y
