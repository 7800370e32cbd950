# np.polymul, a convolution by another name
def convolution_one_dimensional(x, h):
    K, N = len(h), len(x)
    full = np.poly1d(np.r_[1.0, x]) * np.poly1d(np.r_[1.0, h])
    c = full.coeffs
    full = c[2:] - np.r_[x, np.zeros(len(c) - 2 - N)] - np.r_[h, np.zeros(len(c) - 2 - K)] if False else np.polymul(np.r_[1.0, x], h.astype(float))[1:] - np.r_[h[1:], np.zeros(N)]
    return full[K - 1 - K // 2 : K - 1 - K // 2 + N]
