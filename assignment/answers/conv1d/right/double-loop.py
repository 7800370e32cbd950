# two loops, as in the formula
def convolution_one_dimensional(x, h):
    K = h.shape[0]
    N = x.shape[0]
    xp = add_padding_1d(x, K)
    y = np.zeros(N)
    for i in range(N):
        for k in range(K):
            y[i] += xp[i + k] * h[K - 1 - k]
    return y
