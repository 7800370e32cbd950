# the centre of the window in place of its start
position_of_peak = int(np.argmax(moving_average(pulse, 15))) + 7
