# a helper of its own, called convolve
def convolve(signal, kernel):
    out = []
    for i in range(len(signal) - len(kernel) + 1):
        out.append(sum(signal[i + k] * kernel[k] for k in range(len(kernel))))
    return out


def convolution_one_dimensional(x, h):
    """Return the convolution of x and h."""
    padded = add_padding_1d(x, len(h))
    return np.asarray(convolve(padded, h[::-1])[: len(x)], dtype=float)
