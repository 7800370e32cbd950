# a band matrix written by loops
def convolution_one_dimensional(x, h):
    N, K = len(x), len(h)
    T = np.zeros((N, N))
    for i in range(N):
        for m in range(N):
            j = i - m + K - 1 - K // 2
            if 0 <= j < K:
                T[i, m] = h[j]
    return T @ x
