# where the bell is without noise
position_of_peak = 60
