# np.polymul: the product of polynomials is a convolution
def convolution_one_dimensional(x, h):
    K, N = len(h), len(x)
    product = np.polymul(x.astype(float), h)
    full = np.append(np.zeros(N + K - 1 - len(product)), product)  # zeros in front are dropped
    start = K - 1 - K // 2
    return full[start : start + N]
