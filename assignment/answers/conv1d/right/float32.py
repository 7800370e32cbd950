# result in single precision
def convolution_one_dimensional(x, h):
    K = len(h)
    xp = add_padding_1d(x, K).astype(np.float32)
    y = np.zeros(len(x), dtype=np.float32)
    for i in range(len(x)):
        y[i] = (xp[i:i + K] * h[::-1].astype(np.float32)).sum()
    return y
