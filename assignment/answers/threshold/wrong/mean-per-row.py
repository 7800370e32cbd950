# each row has its own mean
def threshold_at_mean(result):
    if result.ndim == 1:
        return (result > result.mean()).astype(int)
    return (result > result.mean(axis=1, keepdims=True)).astype(int)
