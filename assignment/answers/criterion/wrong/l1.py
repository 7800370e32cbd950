# absolute error
criterion = nn.L1Loss()
