"""Idea: Modules, hooks and builtins are replaced, the kernel ends, and all of it should stay.
Must: A new kernel has nothing of it but what the student's cells put there again.
"""

import builtins
import importlib.abc
import os
import sys
import types


class Poisoned(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        return None


for name in ("otter", "gradekit_values", "gradekit_agent", "helpers", "numpy.testing", MARK):
    sys.modules[name] = types.ModuleType(MARK)
sys.meta_path.insert(0, Poisoned())
sys.path[:0] = ["/tmp", f"/tmp/{MARK}", "/dev/shm"]
sys.path_importer_cache.clear()
builtins.len = builtins.isinstance = lambda *given: 10
os.environ.update(PYTHONPATH="/tmp", PYTHONSTARTUP=f"/tmp/{MARK}", LD_PRELOAD=f"/tmp/{MARK}.so")
