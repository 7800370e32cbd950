"""Idea: start-up files of Python, IPython, shells and tools lie in the home for the next to come.
Must: be gone with the home, which nobody else ever has.
"""

import os
from pathlib import Path

home = Path.home()
text = f"# {MARK}\nimport os\nos.environ['POISON'] = '{MARK}'\n"
names = [
    ".pythonrc.py",
    ".ipython/profile_default/startup/00.py",
    ".ipython/profile_default/ipython_config.py",
]
names += [
    ".jupyter/jupyter_config.py",
    ".config/matplotlib/matplotlibrc",
    ".bashrc",
    ".profile",
    ".inputrc",
]
names += [
    ".local/lib/python3.11/site-packages/usercustomize.py",
    ".local/bin/python",
    ".pdbrc",
    ".condarc",
]
names += [
    ".config/pip/pip.conf",
    ".gitconfig",
    ".docker/config.json",
    ".cache/gradekit/manifest.json",
]
for folder in {home, Path("/root"), Path("/home"), Path("/tmp"), Path("/etc/skel")}:
    for name in names:
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x") as file:
                file.write(text)
        except OSError:
            pass
os.environ["PYTHONSTARTUP"] = str(home / ".pythonrc.py")
