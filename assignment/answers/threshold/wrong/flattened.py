# the shape is lost
def threshold_at_mean(result):
    flat = result.ravel()
    return (flat > flat.mean()).astype(int)
