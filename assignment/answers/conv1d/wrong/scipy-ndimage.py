# scipy.ndimage.convolve1d with zeros outside
from scipy import ndimage


def convolution_one_dimensional(x, h):
    xp = add_padding_1d(x, len(h))
    return ndimage.convolve1d(xp, h.astype(float), mode="constant")[len(h) // 2 : len(h) // 2 + len(x)]
