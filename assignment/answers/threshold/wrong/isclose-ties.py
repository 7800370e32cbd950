# values close to the mean count as larger
def threshold_at_mean(result):
    m = result.mean()
    return ((result > m) | np.isclose(result, m)).astype(int)
