# np.convolve on the padded signal
def convolution_one_dimensional(x, h):
    padded = add_padding_1d(x, len(h))
    return np.convolve(padded, h, "valid")[: len(x)]
