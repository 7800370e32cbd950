# the position has another name
position = int(np.argmax(moving_average(pulse, 15)))
