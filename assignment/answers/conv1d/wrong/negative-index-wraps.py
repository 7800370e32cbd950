# negative indices wrap to the end of the signal
def convolution_one_dimensional(x, h):
    N, K = len(x), len(h)
    y = np.zeros(N)
    for i in range(N):
        for k in range(K):
            j = i + k - K // 2
            if j < N:
                y[i] += x[j] * h[K - 1 - k]
    return y
