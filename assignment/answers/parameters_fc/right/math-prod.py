# math.prod over state_dict
import math

parameters_fc = sum(math.prod(t.shape) for t in model_fc.state_dict().values())
