# the border is mirrored
def convolution_one_dimensional(x, h):
    k = len(h)
    padded = np.pad(x.astype(float), k // 2, mode="reflect" if len(x) > 1 else "edge")
    flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.dot(padded[i : i + k], flipped)
    return y
