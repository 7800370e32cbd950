# np.dot of window and flipped filter
def convolution_one_dimensional(x, h):
    k = len(h)
    x_padded = add_padding_1d(x, k)
    h_flipped = h[::-1]
    y = np.zeros(len(x))
    for i in range(len(x)):
        window = x_padded[i : i + k]
        y[i] = np.dot(window, h_flipped)
    return y
