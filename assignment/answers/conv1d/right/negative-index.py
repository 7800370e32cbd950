# the filter is read from the back with negative indices
def convolution_one_dimensional(x, h):
    pad = add_padding_1d(x, len(h))
    y = []
    for i in range(len(pad) - len(h) + 1):
        acc = 0
        for k in range(len(h)):
            acc += pad[i + k] * h[-1 - k]
        y.append(acc)
    return np.array(y[: len(x)])
