# the last tap is left out
def convolution_one_dimensional(x, h):
    K = len(h)
    xp = add_padding_1d(x, K)
    y = np.zeros(len(x))
    for i in range(len(x)):
        for k in range(K - 1):
            y[i] += xp[i + k] * h[K - 1 - k]
    return y
