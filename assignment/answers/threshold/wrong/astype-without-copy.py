# astype(copy=False) copies whole numbers only: floats are changed in place
def threshold_at_mean(result):
    values = result.astype(float, copy=False)
    values -= values.mean()
    return (values > 0).astype(int)
