# h[K - k] in place of h[K - 1 - k]
def convolution_one_dimensional(x, h):
    K = len(h)
    xp = add_padding_1d(x, K)
    y = np.zeros(len(x))
    for i in range(len(x)):
        for k in range(1, K):
            y[i] += xp[i + k] * h[K - k]
    return y
