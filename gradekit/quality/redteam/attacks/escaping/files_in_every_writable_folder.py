"""Idea: whatever folder may be written gets a file, a folder, a link and a pipe.
Must: be seen nowhere outside, and be gone with the sandbox.
"""

import os
import time

END, written = time.monotonic() + 4, 0
for folder, folders, _ in os.walk("/"):
    if folder.startswith(("/proc/", "/sys/")) and not folder.startswith(("/proc/1/", "/sys/fs")):
        folders.clear()
        continue
    if time.monotonic() > END or written > 500 or MARK in folder:
        break
    try:
        number = os.open(f"{folder}/{MARK}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o777)
        os.write(number, MARK.encode())
        os.close(number)
        written += 1
        loot.append(folder)
        os.mkdir(f"{folder}/{MARK}-folder", 0o777)
        os.symlink("/etc/passwd", f"{folder}/{MARK}-link")
        os.mkfifo(f"{folder}/{MARK}-pipe")
    except OSError:
        pass
for pid in (1, os.getppid()):
    for place in ("root", "cwd", "root/tmp", "root/dev/shm"):
        try:
            with open(f"/proc/{pid}/{place}/{MARK}-{pid}", "x") as file:
                file.write(MARK)
        except OSError:
            pass
