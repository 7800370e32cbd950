"""Idea: caches of matplotlib, torch, fonts and byte code are written where others read them.
Must: stay in this sandbox; other submissions have their own.
"""

import os
import sys
from pathlib import Path

folders = [
    os.environ.get("MPLCONFIGDIR", ""),
    os.environ.get("XDG_CACHE_HOME", ""),
    sys.pycache_prefix or "",
]
folders += ["/root/.cache", "/root/.cache/torch", "/var/cache/fontconfig", "/var/cache/ldconfig"]
try:
    import matplotlib

    folders += [matplotlib.get_cachedir(), matplotlib.get_configdir(), matplotlib.get_data_path()]
except Exception:
    pass
try:
    import torch

    folders += [torch.hub.get_dir(), os.path.dirname(torch.__file__)]
except Exception:
    pass
for folder in filter(None, folders):
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with open(Path(folder) / f"{MARK}.pyc", "x") as file:
            file.write(MARK)
    except OSError:
        pass
