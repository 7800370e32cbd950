"""Idea: links in the home lead to the exercise's files; the folders above those hold the rest.
Must: find no planted word; above the visible files is nothing that can be opened.
"""

import os

home = os.path.expanduser("~")
for name in os.listdir(home):
    folder = os.path.dirname(os.path.realpath(os.path.join(home, name)))
    for _ in range(6):
        for base in (folder, f"{home}/{name}/..", f"/proc/self/root{folder}"):
            try:
                entries = sorted(os.listdir(base))[:300]
            except OSError:
                continue
            for entry in entries:
                keep(entry)
                try:
                    with open(
                        os.open(f"{base}/{entry}", os.O_RDONLY | os.O_NONBLOCK), "rb"
                    ) as file:
                        keep(file.read(1 << 20))
                except OSError:
                    pass
        folder = os.path.dirname(folder)
