# moved to the device, imported in the cell
from torch.nn import CrossEntropyLoss

criterion = CrossEntropyLoss().to(device)
print(criterion)
