# each tap adds a shifted copy of the signal
def convolution_one_dimensional(x, h):
    K = len(h)
    N = len(x)
    padded = add_padding_1d(x, K)
    y = np.zeros(N)
    for k in range(K):
        y = y + h[K - 1 - k] * padded[k : k + N]
    return y
