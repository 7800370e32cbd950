"""Idea: Home and the temporary folder are filled until nothing of anybody's fits.
Must: Their sizes hold, the host's disk loses nothing, and the next submission has room.
"""

import os
import pathlib

block = MARK.encode() + os.urandom(1 << 20)
for folder in (pathlib.Path.home(), pathlib.Path("/tmp"), pathlib.Path("/var/tmp")):
    for number in range(4):
        try:
            with open(folder / f"{MARK}-{number}", "wb", buffering=0) as file:
                for _ in range(33):
                    file.write(block)
        except OSError:
            continue
