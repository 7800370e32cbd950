# scipy.signal.fftconvolve
from scipy.signal import fftconvolve


def convolution_one_dimensional(x, h):
    start = len(h) - 1 - len(h) // 2
    return fftconvolve(x.astype(float), h.astype(float))[start : start + len(x)]
