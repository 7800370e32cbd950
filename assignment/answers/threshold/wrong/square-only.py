# rows and columns mixed up
def threshold_at_mean(result):
    out = np.zeros(result.shape)
    m = result.mean()
    if result.ndim == 1:
        return (result > m).astype(int)
    for i in range(result.shape[1]):
        for j in range(result.shape[0]):
            out[i, j] = result[i, j] > m
    return out
