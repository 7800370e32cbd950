# a list with the position in it
position_of_peak = [int(np.argmax(moving_average(pulse, 15)))]
