# windows of 5 samples
position_of_peak = int(np.argmax(moving_average(pulse, 5)))
