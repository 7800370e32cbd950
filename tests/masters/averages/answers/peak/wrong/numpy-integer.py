# an integer of NumPy's, not one of Python's
position_of_peak = np.argmax(moving_average(pulse, 15))
