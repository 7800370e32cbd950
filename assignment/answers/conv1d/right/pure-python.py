# pure Python lists, turned into an array at the end
def convolution_one_dimensional(x, h):
    signal = [0.0] * (len(h) // 2) + [float(v) for v in x] + [0.0] * (len(h) // 2)
    kernel = [float(v) for v in reversed(h)]
    y = []
    for i in range(len(x)):
        s = 0.0
        for a, b in zip(signal[i:i + len(kernel)], kernel):
            s += a * b
        y.append(s)
    return np.array(y)
