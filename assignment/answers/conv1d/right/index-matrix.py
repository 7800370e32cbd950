# index matrix and matrix product
def convolution_one_dimensional(x, h):
    K = h.size
    xp = add_padding_1d(x, K)
    index = np.arange(x.size)[:, None] + np.arange(K)[None, :]
    return xp[index] @ np.flip(h, axis=0)
