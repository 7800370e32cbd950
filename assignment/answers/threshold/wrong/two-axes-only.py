# works with two axes only
def threshold_at_mean(result):
    rows, columns = result.shape
    out = np.zeros((rows, columns))
    m = result.mean()
    for i in range(rows):
        for j in range(columns):
            if result[i, j] > m:
                out[i, j] = 1
    return out
