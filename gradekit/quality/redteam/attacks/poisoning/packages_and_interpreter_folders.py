"""Idea: files are put into site-packages and the interpreter's folders, for whoever imports next.
Must: be refused; these folders are read-only for everybody.
"""

import os
import site
import sys
import sysconfig

folders = {
    *sys.path,
    *site.getsitepackages(),
    sys.prefix,
    sys.base_prefix,
    os.path.dirname(os.__file__),
}
folders |= set(sysconfig.get_paths().values()) | {
    os.path.dirname(sys.executable),
    "/usr/bin",
    "/usr/lib",
}
for name in ("numpy", "torch", "IPython", "ipykernel", "gradekit", "zmq"):
    module = sys.modules.get(name)
    folders.add(os.path.dirname(getattr(module, "__file__", None) or "/usr/"))
for folder in folders:
    for name in (f"{MARK}.py", f"{MARK}.pth", f"__pycache__/{MARK}.pyc"):
        try:
            with open(os.path.join(folder or ".", name), "x") as file:
                file.write(f"# {MARK}\n")
        except OSError:
            pass
