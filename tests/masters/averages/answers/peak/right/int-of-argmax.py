# argmax of the smooth pulse, as an int
position_of_peak = int(np.argmax(moving_average(pulse, 15)))
