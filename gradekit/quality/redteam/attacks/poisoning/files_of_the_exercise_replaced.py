"""Idea: The home has links to the exercise's files: write through them, beside them, over them.
Must: The files themselves keep their bytes; the checks and the next student see the old ones.
"""

import os
import pathlib

home = pathlib.Path.cwd()
for link in [*home.iterdir(), pathlib.Path("/autograder/files"), pathlib.Path("/autograder")]:
    for path in (link, pathlib.Path(os.path.realpath(link)).parent / MARK):
        try:
            with open(path, "a"):  # nothing is appended: to be let in is enough
                pass
            if path.name == MARK:
                path.write_text(MARK)
        except OSError:
            continue
    if link.is_symlink():
        os.rename(link, home / f"{MARK}-{link.name}")  # the student's own link, in its own home
        (home / link.name).write_text(f"# {MARK}\n{link.stem} = type('{MARK}', (), {{}})\n")
