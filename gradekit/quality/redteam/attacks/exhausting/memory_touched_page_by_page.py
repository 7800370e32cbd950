"""Idea: memory is taken and touched until a MemoryError comes, which is caught and kept.
Must: cost its own cell; what it holds does not starve later questions.
"""

kept = []
try:
    while len(kept) < 48:
        kept.append(bytearray(b"1") * (64 << 20))
except MemoryError:
    pass
