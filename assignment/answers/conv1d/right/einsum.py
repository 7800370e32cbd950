# einsum over strided windows
def convolution_one_dimensional(x, h):
    K, N = len(h), len(x)
    xp = np.ascontiguousarray(add_padding_1d(x, K))
    step = xp.strides[0]
    windows = np.lib.stride_tricks.as_strided(xp, shape=(N, K), strides=(step, step), writeable=False)
    return np.einsum("nk,k->n", windows, h[::-1])
