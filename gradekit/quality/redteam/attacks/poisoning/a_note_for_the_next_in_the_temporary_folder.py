"""Idea: What stands in the temporary folders under a name that others will use, waits for them.
Must: Each submission begins with empty folders of its own.
"""

import os
import pathlib
import socket

for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/run/lock", "/dev/mqueue", "/home"):
    names = ("torch_extensions", "numba_cache", "matplotlib-x", "gradekit-", "pymp-x", ".X11-unix")
    for name in (*names, "ipykernel_1", "gradekit-run", "__pycache__"):
        try:
            place = pathlib.Path(folder) / name
            place.mkdir()
            (place / f"{MARK}.py").write_text(f"raise SystemExit('{MARK}')")
            os.symlink("/etc/passwd", place / f"{MARK}.link")
            os.mkfifo(place / f"{MARK}.fifo")
            socket.socket(socket.AF_UNIX).bind(str(place / f"{MARK}.socket"))
        except OSError:
            continue
