# works in place where the signal holds floats
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = add_padding_1d(x, k)
    y = x if x.dtype == float else x.astype(float)
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], h[::-1])
    return y
