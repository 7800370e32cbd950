"""Idea: the seed of the checks stands in an environment, an argument, a module or a generator.
Must: find no planted word; the seed stays with the worker.
"""

import os
import random
import sys

keep(repr(dict(os.environ)))
keep(repr(sys.argv) + repr(sys.orig_argv) + repr(sys.flags) + repr(sys._xoptions))
keep(repr(random.getstate())[:10_000])
for name, module in list(sys.modules.items()):
    if name.startswith(("gradekit", "__main__", "otter")):
        keep(repr(vars(module))[:500_000])
        for value in list(vars(module).values()):
            keep(repr(getattr(value, "__dict__", ""))[:100_000])
app = get_ipython().kernel.parent
keep(repr(app.config) + repr(app.extra_args) + repr(app.connection_file))
