"""Idea: files with names of 255 bytes, line ends, quotes and dashes trip up whoever cleans up.
Must: be gone with the home; nobody lists or names them.
"""

import os

home = os.path.expanduser("~")
names = [
    MARK + "\n",
    f"-rf {MARK}",
    f"{MARK};id",
    f"$(touch {MARK})",
    f"{MARK}'\"",
    f"{MARK}\x1b[2J",
]
names += [
    MARK + "x" * (255 - len(MARK)),
    f"{MARK}\udcff",
    f"{MARK}\u202e",
    f"..{MARK}",
    f"~{MARK}",
    f"{MARK}\\",
]
for name in names:
    for folder in (home, "/tmp", "/dev/shm"):
        try:
            with open(os.fsencode(os.path.join(folder, name)), "x") as file:
                file.write(MARK)
        except (OSError, UnicodeEncodeError):
            pass
place = os.path.join(home, MARK)
try:
    for _ in range(2000):
        os.mkdir(place)
        os.chdir(place)
        place = "d" * 200
    os.chmod(".", 0)
except OSError:
    pass
os.chdir(home)
