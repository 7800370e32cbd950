# no padding: indices outside are skipped
def convolution_one_dimensional(x, h):
    N, K = len(x), len(h)
    y = np.zeros(N, dtype=np.float64)
    for i in range(N):
        total = 0.0
        for k in range(K):
            j = i + k - K // 2  # index in the unpadded signal
            if 0 <= j < N:
                total += x[j] * h[K - 1 - k]
        y[i] = total
    return y
