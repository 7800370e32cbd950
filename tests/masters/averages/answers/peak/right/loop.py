# a loop that remembers the largest so far
smooth = moving_average(pulse, 15)
position_of_peak = 0
for n in range(len(smooth)):
    if smooth[n] > smooth[position_of_peak]:
        position_of_peak = n
