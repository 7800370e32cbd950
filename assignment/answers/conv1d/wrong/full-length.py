# all N + K - 1 values
def convolution_one_dimensional(x, h):
    N, K = len(x), len(h)
    y = np.zeros(N + K - 1)
    for n in range(N):
        y[n : n + K] += x[n] * h
    return y
