# the peak of the noisy pulse
position_of_peak = int(np.argmax(pulse))
