# the convolve2d of the notebook with one row
def convolution_one_dimensional(x, h):
    K = len(h)
    full = convolve2d(x[None, :].astype(float), h[None, :].astype(float))[0]
    return full[K - 1 - K // 2 : K - 1 - K // 2 + len(x)]
