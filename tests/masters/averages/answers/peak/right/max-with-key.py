# max with a key
smooth = moving_average(pulse, width=15)
position_of_peak = max(range(len(smooth)), key=lambda n: smooth[n])
