# one zero on each side, whatever the filter
def convolution_one_dimensional(x, h):
    K = len(h)
    padded = np.concatenate([[0], x, [0]])
    y = np.zeros(len(x))
    for i in range(len(x)):
        for k in range(K):
            if i + k < len(padded):
                y[i] += padded[i + k] * h[K - 1 - k]
    return y
