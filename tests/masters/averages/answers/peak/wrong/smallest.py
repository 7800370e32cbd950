# the smallest mean
position_of_peak = int(np.argmin(moving_average(pulse, 15)))
