# the last of the sorted positions
smooth = moving_average(pulse, 15)
position_of_peak = int(np.argsort(smooth)[-1])
