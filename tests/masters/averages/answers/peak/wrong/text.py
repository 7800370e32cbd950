# a text
position_of_peak = str(int(np.argmax(moving_average(pulse, 15))))
