# index of the maximum in a list
smooth = list(moving_average(pulse, 15))
position_of_peak = smooth.index(max(smooth))
