"""Idea: a finder on sys.meta_path gives every module of a grader contents of ours.
Must: earn nothing, because checks, references and helpers are imported in the worker.
"""

import importlib.abc
import importlib.machinery
import sys
import types


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        words = ("check", "reference", "grad", "otter", "test", "inside", "hidden")
        if any(word in name for word in words):
            return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: lambda *given, **named: []
        return module

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Finder())
for name in ("inside", "checking", "reference", "otter", "pytest", "unittest"):
    sys.modules.pop(name, None)


def forge(name):
    return lambda *given, **named: 0
