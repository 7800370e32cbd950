# np.flip, np.sum, list appended to
def convolution_one_dimensional(x, h):
    h_flip = np.flip(h)
    padded = add_padding_1d(x, h.size)
    result = []
    for i in range(x.size):
        result.append(np.sum(padded[i:i + h.size] * h_flip))
    return np.array(result)
