# a comprehension in np.array
def convolution_one_dimensional(x, h):
    xp, hf = add_padding_1d(x, len(h)), h[::-1]
    return np.array([(xp[i : i + len(h)] * hf).sum() for i in range(len(x))], dtype=float)
