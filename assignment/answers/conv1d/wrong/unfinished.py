# left as it was handed out
def convolution_one_dimensional(x, h):
    """Return the convolution of x, shape (N,), with h, shape (K,), as floats, shape (N,)."""
    raise NotImplementedError("Question conv1d: return y, shape (N,)")
