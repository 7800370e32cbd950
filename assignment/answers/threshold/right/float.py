# floats
def threshold_at_mean(result):
    mean = np.mean(result)
    return (result > mean).astype(float)
