# one axis and two are told apart
def threshold_at_mean(result):
    mean = result.mean()
    out = np.zeros(result.shape, dtype=int)
    if result.ndim == 1:
        for i in range(len(result)):
            out[i] = int(result[i] > mean)
    else:
        for i in range(result.shape[0]):
            for j in range(result.shape[1]):
                out[i, j] = int(result[i, j] > mean)
    return out
