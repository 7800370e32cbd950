# type hints, a docstring, and a test call below
def convolution_one_dimensional(x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Return y, shape (N,)."""
    filter_size = len(h)
    x_pad = add_padding_1d(x, filter_size)
    y = np.zeros(x.shape, dtype=float)
    for i in np.arange(len(y)):
        for k in np.arange(filter_size):
            y[i] = y[i] + x_pad[i + k] * h[filter_size - 1 - k]
    return y


print(convolution_one_dimensional(np.array([1, 2, 3]), np.array([-1, 0, 1])))
