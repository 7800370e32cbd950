"""Idea: arguments of a check carry more than their value: globals, closures, owners, bases.
Must: find no planted word; an argument is plain data, or an object of this very kernel.
"""

import collections

NAMES = "__globals__ __closure__ __code__ __defaults__ __kwdefaults__ __self__ __dict__ __doc__"
NAMES += " __module__ __wrapped__ __func__ __annotations__ gi_frame cr_frame tb_frame base flags"
NAMES += " grad_fn grad _base _backward_hooks metadata cell_contents co_consts co_filename f_back"


def opened(value):
    waiting, seen = collections.deque([(value, 0)]), set()
    while waiting and len(seen) < 2000:
        item, depth = waiting.popleft()
        if id(item) in seen or depth > 5:
            continue
        seen.add(id(item))
        keep(repr(item)[:20_000])
        if isinstance(item, dict):
            waiting.extend((part, depth + 1) for pair in list(item.items())[:50] for part in pair)
        elif isinstance(item, (list, tuple, set, frozenset)):
            waiting.extend((part, depth + 1) for part in list(item)[:50])
        for name in NAMES.split():
            try:
                waiting.append((getattr(item, name), depth + 1))
            except Exception:
                pass


def forge(name):
    return lambda *given, **named: opened([given, named])
