# prints the mean, type hints
def threshold_at_mean(result: np.ndarray) -> np.ndarray:
    """Return zeros and ones."""
    mean_value = float(np.mean(result))
    print("mean:", mean_value)
    thresholded = np.empty_like(result, dtype=np.int8)
    thresholded[result > mean_value] = 1
    thresholded[result <= mean_value] = 0
    return thresholded
