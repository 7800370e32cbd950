# np.roll of a long signal
def convolution_one_dimensional(x, h):
    K, N = len(h), len(x)
    line = np.concatenate([add_padding_1d(x, K), np.zeros(K)])
    y = np.zeros(len(line))
    for k in range(K):
        y += np.roll(line, -k) * h[K - 1 - k]
    return y[:N]
