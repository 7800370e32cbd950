# counted from 1
position_of_peak = int(np.argmax(moving_average(pulse, 15))) + 1
