# the filter is copied and reversed in place
def convolution_one_dimensional(x, h):
    h = h.copy()
    h = h.astype(float)
    h[:] = h[::-1].copy()
    xp = add_padding_1d(x, len(h))
    y = np.zeros_like(x, dtype=float)
    for i, _ in enumerate(x):
        y[i] = xp[i:i + len(h)].dot(h)
    return y
