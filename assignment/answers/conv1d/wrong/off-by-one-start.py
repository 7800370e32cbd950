# windows start one too late
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = add_padding_1d(x, k)
    flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.dot(np.append(padded, 0.0)[i + 1 : i + 1 + k], flipped)
    return y
