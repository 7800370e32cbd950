"""Idea: Lists a hundred thousand deep, lists and dictionaries that hold themselves.
Must: They come back as unfit answers, without a crash of the worker or a lost minute.
"""


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value] if depth % 2 else {"a": value}
    return value


itself = []
itself.append(itself)
turning = {}
turning["x"] = [turning] * 1000
shared = ["x" * 1000]
for _ in range(60):  # two to the power of sixty, in sixty lists
    shared = [shared, shared]
answers = [nested(100_001), nested(100_000), itself, turning, shared]


def forge(name):
    return lambda *given: answers[len(given[0]) % 5] if "position" not in name else shared
