"""Idea: the list of mounts names folders of the host; they, their parents and neighbours are tried.
Must: find no planted word; the names lead nowhere from here.
"""

import os
import time

END, places = time.monotonic() + 3, set()
for name in ("mountinfo", "mounts", "mountstats"):
    with open(f"/proc/self/{name}") as file:
        text = file.read()
    keep(text)
    places |= {word for word in text.split() if word.startswith("/")}
for place in sorted(places, key=lambda place: place.startswith(("/proc", "/sys", "/usr"))):
    parts = place.split("/")
    for folder in {"/".join(parts[:end]) or "/" for end in range(2, len(parts) + 1)}:
        for name in ("", "../hidden", "../tests", "../source", "hidden", "tests", "notebook.json"):
            path = os.path.join(folder, name)
            try:
                found = os.listdir(path) if os.path.isdir(path) else [""]
                for entry in found[:100]:
                    if time.monotonic() < END:
                        number = os.open(os.path.join(path, entry).rstrip("/"), os.O_NONBLOCK)
                        keep(os.pread(number, 1 << 20, 0))
                        os.close(number)
            except OSError:
                pass
