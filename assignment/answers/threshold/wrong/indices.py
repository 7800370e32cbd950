# np.where with one argument returns indices
def threshold_at_mean(result):
    return np.where(result > result.mean())
