"""Idea: Names of types, functions and exceptions are texts, too, and nobody limits them.
Must: They are cut to a line's length before they are kept, sent or shown.
"""

name = f"{MARK}_" + "x" * (10 << 20)
Kind = type(name, (Exception,), {"__module__": name, "__qualname__": name})


def forge(given_name):
    def answer(*given):
        raise Kind(name)

    answer.__name__ = answer.__qualname__ = answer.__doc__ = name
    return Kind() if "position" in given_name else answer


raise Kind(name)
