# the array's own method, and item()
position_of_peak = np.asarray(moving_average(pulse, 15)).argmax().item()
