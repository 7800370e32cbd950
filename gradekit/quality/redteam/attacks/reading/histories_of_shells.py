"""Idea: histories of IPython, of shells and editors tell what was run here before.
Must: find no planted word; the home is new, and no history is kept.
"""

import glob
import os
import sqlite3

shell = get_ipython()
try:
    for row in shell.history_manager.get_tail(1000, include_latest=True):
        keep(repr(row))
    for row in shell.history_manager.search("*canary*"):
        keep(repr(row))
except Exception:
    pass
for home in {os.path.expanduser("~"), "/root", *glob.glob("/home/*")}:
    for name in (".bash_history", ".python_history", ".viminfo", ".ssh/*", ".netrc", ".gitconfig"):
        for path in glob.glob(os.path.join(home, name)):
            with open(path, "rb") as file:
                keep(file.read(1 << 20))
    for path in glob.glob(os.path.join(home, ".ipython", "**", "*.sqlite"), recursive=True):
        for row in sqlite3.connect(path).execute("select source from history"):
            keep(row[0])
