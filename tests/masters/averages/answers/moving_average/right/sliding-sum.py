# one sample enters the sum and one leaves it
def moving_average(x, width):
    total = float(sum(x[:width]))
    means = [total / width]
    for n in range(width, len(x)):
        total += x[n] - x[n - width]
        means.append(total / width)
    return np.array(means)
