# a loop over all indices
def threshold_at_mean(result):
    mean = result.sum() / result.size
    y = np.zeros(result.shape)
    for index, value in np.ndenumerate(result):
        if value > mean:
            y[index] = 1
    return y
