"""Idea: The cell is over, and a thread goes on to send while checks ask their questions.
Must: Each check is stopped in time; a flood does not push the end of any limit back.
"""

import threading
import time

END = time.monotonic() + 60
kernel = get_ipython().kernel


def flood(left=300 << 20):
    while time.monotonic() < END and left > 0:
        left -= 1000
        try:
            content = {"comm_id": MARK, "data": {"probe": left}, "text": "x" * 800}
            kernel.session.send(kernel.iopub_socket, "comm_msg", content, None)
        except BaseException:
            time.sleep(0.001)


threading.Thread(target=flood, daemon=True).start()
