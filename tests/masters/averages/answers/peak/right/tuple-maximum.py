# the largest pair of value and position
value, position_of_peak = max((float(v), n) for n, v in enumerate(moving_average(pulse, 15)))
