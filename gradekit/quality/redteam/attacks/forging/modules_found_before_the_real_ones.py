"""Idea: modules called like the grader's lie in the folders from which Python imports first.
Must: earn nothing, because the worker never imports from a folder of the kernel's.
"""

import os
import site
import sys
from pathlib import Path

text = f"# {MARK}\nimport os\nos.write(1, b'passed')\nsame = plain = lambda *given, **named: 0\n"
folders = [os.getcwd(), str(Path.home()), site.getusersitepackages(), *sys.path, "/tmp"]
names = ["reference.py", "checking.py", "zmq.py", "psutil.py", "sitecustomize.py"]
names += ["usercustomize.py", "numpy/__init__.py", "torch/__init__.py", "otter/__init__.py"]
for folder in dict.fromkeys(folders):
    for name in names:
        path = Path(folder) / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x") as file:
                file.write(text)
        except OSError:
            pass
