# a float
position_of_peak = float(np.argmax(moving_average(pulse, 15)))
