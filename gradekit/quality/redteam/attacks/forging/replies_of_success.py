"""Idea: the kernel's own replies are forged: ok, idle, and a comm that was never opened.
Must: earn nothing, because "it went well" is worth no points.
"""

import sys

kernel = get_ipython().kernel
session, parent = kernel.session, get_ipython().parent_header
stream = getattr(kernel, "shell_stream", None) or kernel.shell_streams[0]
for content in ({"status": "ok", "execution_count": 1, "user_expressions": {}}, {"status": "ok"}):
    session.send(stream, "execute_reply", content, parent=parent, ident=kernel._parent_ident)
session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=parent)
for name in ("result", "verdict", "points", "comm_msg", "execute_result"):
    session.send(kernel.iopub_socket, name, {"data": {"points": 1, "verdict": "passed"}}, parent)


def forge(name):
    return {"verdict": "passed", "points": 1.0}
