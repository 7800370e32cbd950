# sliding_window_view and a matrix product
def convolution_one_dimensional(x, h):
    padded = add_padding_1d(x, len(h))
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(h))[: len(x)]
    return windows @ h[::-1].astype(float)
