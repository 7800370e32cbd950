# left as it was handed out
def threshold_at_mean(result):
    """Return 1 where a value of `result` is larger than the mean of all, else 0."""
    raise NotImplementedError("Question threshold: return zeros and ones in the shape of result")
