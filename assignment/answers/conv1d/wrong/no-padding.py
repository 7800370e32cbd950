# no padding: the output is shorter
def convolution_one_dimensional(x, h):
    K = len(h)
    y = np.zeros(max(len(x) - K + 1, 0))
    for i in range(len(y)):
        y[i] = np.dot(x[i : i + K], h[::-1])
    return y
