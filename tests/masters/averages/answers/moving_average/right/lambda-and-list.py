# a lambda, and append in a while loop
average = lambda values: sum(values) / len(values)


def moving_average(x, width):
    y = []
    n = 0
    while n + width <= len(x):
        y.append(average(x[n : n + width]))
        n += 1
    return y
