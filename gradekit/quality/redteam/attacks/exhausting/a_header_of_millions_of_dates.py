"""Idea: Dates in the headers of a message are parsed one by one, without a look at the clock.
Must: The worker is not held up: a message that is no answer costs no more than its bytes.
"""

kernel = get_ipython().kernel
dates = b'{"msg_id": "1", "msg_type": "stream", "dates": ['
dates += b'"2026-11-24T03:04:05Z",' * 2_400_000 + b"0]}"
parts = [dates, dates, b"{}", b'{"mark": "' + MARK.encode() + b'"}']
message = [b"topic", b"<IDS|MSG>", kernel.session.sign(parts), *parts]
kernel.iopub_socket.send_multipart(message, copy=True)
