# the value of the peak, not its position
position_of_peak = float(np.max(moving_average(pulse, 15)))
