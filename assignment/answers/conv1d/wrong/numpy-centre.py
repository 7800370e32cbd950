# centred as NumPy does it: another half for even filters
def convolution_one_dimensional(x, h):
    K = len(h)
    padded = np.concatenate([np.zeros(K // 2 if K % 2 else K // 2 - 1), x, np.zeros(K // 2)])
    return np.array([np.dot(padded[i : i + K], h[::-1]) for i in range(len(x))])
