"""Idea: walk through all folders from the root, and read the first part of every small file.
Must: find no planted word; what is hidden is not in this file system, or not to be opened.
"""

import os
import stat
import time

END, skipped = time.monotonic() + 4, ("/proc", "/sys", "/usr", "/lib", "/dev")
for folder, folders, names in os.walk("/"):
    if folder.startswith(skipped) or "site-packages" in folder or time.monotonic() > END:
        folders.clear()
        continue
    for name in [*names, *folders]:
        path = os.path.join(folder, name)
        keep(path)
        try:
            if stat.S_ISREG(os.stat(path).st_mode) and os.path.getsize(path) < 4 << 20:
                with open(path, "rb") as file:
                    keep(file.read(4 << 20))
        except OSError:
            pass
