# a list in place of an array
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = add_padding_1d(x, k)
    y = []
    for i in range(len(x)):
        y.append(np.dot(padded[i : i + k], h[::-1]))
    return y
