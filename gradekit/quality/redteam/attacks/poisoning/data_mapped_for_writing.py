"""Idea: Shared data is changed in place, through a map, a descriptor of /proc and a hard link.
Must: None of it can be opened for writing; equal notebooks go on to get equal marks.
"""

import mmap
import os
import pathlib

for folder in ("/autograder", os.getcwd(), os.path.dirname(os.__file__)):
    for path in sorted(pathlib.Path(folder).rglob("*"))[:500]:
        try:
            reading = os.open(path, os.O_RDONLY)
            os.link(path, f"/tmp/{MARK}", follow_symlinks=True)
        except OSError:
            pass
        try:
            for name in (path, f"/proc/self/fd/{reading}", f"/tmp/{MARK}"):
                with open(name, "r+b") as file:
                    mmap.mmap(file.fileno(), 0).flush()
        except (OSError, ValueError, NameError):
            continue
