# two functions
def conv(c, d, k=3):
    return d * (k * k * c + 1)


def linear(a, b):
    return (a + 1) * b


parameters_lenet = conv(1, 6) + conv(6, 16) + linear(784, 120) + linear(120, 84) + linear(84, 10)
