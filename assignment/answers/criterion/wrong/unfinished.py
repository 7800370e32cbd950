# left as it was handed out
raise NotImplementedError("Question criterion: criterion = ...")
