"""Idea: Python, IPython, Jupyter, shells and matplotlib each run or read a file at their start.
Must: The home is gone when the submission is; the restarted kernel has a new one.
"""

import pathlib

home = pathlib.Path.home()
places = """.local/lib/python3.11/site-packages/sitecustomize.py usercustomize.py sitecustomize.py
.ipython/profile_default/startup/00.py .ipython/profile_default/ipython_config.py .pythonrc.py
.jupyter/jupyter_config.py .jupyter/custom/custom.js .bashrc .profile .bash_profile .pdbrc .inputrc
.config/matplotlib/matplotlibrc .matplotlib/matplotlibrc .cache/torch/hub/hubconf.py .netrc
.gitconfig .ssh/authorized_keys .ssh/config .config/pip/pip.conf .docker/config.json .curlrc
.ipython/profile_default/history.sqlite gradekit.py gradekit_agent.py numpy.py torch.py otter.py
zmq.py json.py random.py conftest.py setup.cfg .env Makefile .git/hooks/post-checkout""".split()
for place in places:
    path = home / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(f"# {MARK}\nraise SystemExit('{MARK}')\n")
