# all zeros before the signal
def convolution_one_dimensional(x, h):
    K = len(h)
    padded = np.concatenate([np.zeros(K - 1), x])
    return np.array([np.dot(padded[i : i + K], h[::-1]) for i in range(len(x))])
