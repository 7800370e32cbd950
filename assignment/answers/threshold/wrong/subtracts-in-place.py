# the mean is subtracted in place
def threshold_at_mean(result):
    result -= result.mean()
    return (result > 0).astype(int)
