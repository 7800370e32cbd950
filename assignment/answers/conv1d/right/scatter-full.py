# every sample starts an echo; the middle is cut out
def convolution_one_dimensional(x, h):
    N, K = len(x), len(h)
    full = np.zeros(N + K - 1)
    for n in range(N):
        full[n : n + K] += x[n] * h
    start = K - 1 - K // 2
    return full[start : start + N]
