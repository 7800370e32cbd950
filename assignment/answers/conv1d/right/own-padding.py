# zeros and a slice for the padding, np.inner
def convolution_one_dimensional(x, h):
    K = len(h)
    half = K // 2
    padded = np.zeros(len(x) + 2 * half)
    padded[half : half + len(x)] = x
    flipped = np.array(list(reversed(h)))
    return np.array([np.inner(padded[i : i + K], flipped) for i in range(len(x))])
