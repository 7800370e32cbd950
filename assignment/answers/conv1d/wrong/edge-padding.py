# the border values are repeated
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = np.pad(x.astype(float), k // 2, mode="edge")
    flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
