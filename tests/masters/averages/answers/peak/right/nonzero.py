# where the values equal the maximum
smooth = np.array(moving_average(pulse, 15))
position_of_peak = int(np.nonzero(smooth == smooth.max())[0][0])
