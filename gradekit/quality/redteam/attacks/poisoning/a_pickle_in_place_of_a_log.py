"""Idea: Otter reads its log with pickle; so do caches of weights, arrays and frames.
Must: Nothing that student code can write is ever unpickled by us.
"""

import pickle


class Runs:
    def __reduce__(self):
        return exec, (f"open('/tmp/{MARK}', 'w').write('{MARK}')",)

    def __reduce_ex__(self, protocol):
        return self.__reduce__()

    __getstate__ = __array__ = __deepcopy__ = __copy__ = __reduce__


data = pickle.dumps(Runs())
for name in (".OTTER_LOG", "results.pkl", "model.pt", "weights.pth", "data.npy", "cache.joblib"):
    with open(name, "xb") as file:
        file.write(data + MARK.encode())


def forge(name):
    return (lambda *given: data) if "position" not in name else Runs()
