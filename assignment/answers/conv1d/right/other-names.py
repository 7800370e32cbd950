# arguments of other names, map and lambda
def convolution_one_dimensional(signal, kernel):
    flipped = np.flipud(kernel)
    padded = add_padding_1d(signal, kernel.shape[0])
    return np.array(list(map(lambda i: float(np.dot(flipped, padded[i : i + kernel.shape[0]])), range(signal.shape[0]))))
