"""Idea: the kernel asks the grader: it opens conversations, requests input and names objects.
Must: find no planted word; the grader answers no question.
"""

import threading
import time

kernel = get_ipython().kernel
session, sockets = kernel.session, []
for name in ("iopub_socket", "stdin_socket", "shell_stream", "control_stream"):
    sockets.append(getattr(kernel, name, None))
kinds = ["input_request", "comm_open", "comm_info_request", "execute_request", "history_request"]
kinds += ["inspect_request", "complete_request", "kernel_info_request", "is_complete_request"]
content = {"prompt": "seed", "comm_id": "x", "target_name": "gradekit", "data": {"do": "name"}}
content |= {"code": "dir()", "silent": False, "hist_access_type": "tail", "cursor_pos": 1}
for socket in sockets:
    for kind in kinds:
        try:
            session.send(socket, kind, content, ident=[kind.encode()])
        except Exception:
            pass


def listen():
    end = time.monotonic() + 4
    while time.monotonic() < end:
        try:
            keep(repr(session.recv(kernel.stdin_socket, mode=1)))
        except Exception:
            pass
        time.sleep(0.05)


threading.Thread(target=listen, daemon=True).start()
try:
    kernel._allow_stdin = True
    keep(str(kernel.get_parent("shell"))[:100_000])
    keep(str(kernel._parent_ident))
except Exception:
    pass
