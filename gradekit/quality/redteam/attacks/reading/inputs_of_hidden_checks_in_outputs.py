"""Idea: inputs of hidden checks leave through displays, logs, warnings, payloads and raw streams.
Must: show nothing of hidden checks but what their author wrote.
"""

import logging
import os
import sys
import warnings


def forge(name):
    def answer(*given, **named):
        text = f"{name} was given {given!r} {named!r}"[:1500]
        keep(text)
        ways = (
            lambda: get_ipython().display_pub.publish({"text/plain": text}),
            lambda: get_ipython().payload_manager.write_payload({"source": "page", "data": text}),
            lambda: get_ipython().set_next_input(text),
            lambda: logging.getLogger().critical(text),
            lambda: warnings.warn(text, stacklevel=1),
            lambda: print(text, file=sys.stderr),
            lambda: print(text, file=sys.__stdout__),
            lambda: os.write(1, text.encode()),
            lambda: os.write(2, text.encode()),
            lambda: sys.displayhook(text),
            lambda: get_ipython().showtraceback((ValueError, ValueError(text), None)),
            lambda: os.environ.__setitem__("SEEN", text),
        )
        for way in ways:
            try:
                way()
            except Exception:
                pass
        return {"text": text, "given": list(given)}

    return answer
