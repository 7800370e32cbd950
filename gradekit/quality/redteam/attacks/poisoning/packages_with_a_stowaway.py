"""Idea: A file beside the packages of the interpreter is imported by whatever starts next.
Must: No folder of packages, programs or headers can be written to.
"""

import os
import site
import sys
import sysconfig

folders = {*sys.path, *site.getsitepackages(), *sysconfig.get_paths().values(), sys.prefix}
folders |= {sys.base_prefix, os.path.dirname(os.__file__), os.path.dirname(sys.executable)}
for folder in sorted(folder for folder in folders if folder):
    for name in (f"{MARK}.pth", f"{MARK}.py", f"__pycache__/{MARK}.pyc"):
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write(f"import sys; sys.stowaway = '{MARK}'\n")
        except OSError:
            continue
