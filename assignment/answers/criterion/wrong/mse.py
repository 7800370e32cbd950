# mean squared error
criterion = nn.MSELoss()
