"""Idea: Key rings, message queues, semaphores and shared segments belong to no process.
Must: They are unreachable or the sandbox's own, and gone with it.
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
ADD_KEY, KEYCTL, JOIN = 248, 250, 1
text = MARK.encode()
for ring in (-3, -4, -5):  # of the session, of the user, of the user's session
    libc.syscall(ADD_KEY, b"user", text, text, len(text), ring)
libc.syscall(KEYCTL, JOIN, text)
segment = libc.shmget(0x6A6B, 1 << 20, 0o1666)
libc.shmat.restype = ctypes.c_void_p
address = libc.shmat(segment, None, 0)
if segment >= 0 and address not in (None, 2**64 - 1):
    ctypes.memmove(address, text, len(text))
queue = libc.msgget(0x6A6B, 0o1666)
libc.msgsnd(queue, (1).to_bytes(8, "little") + text, len(text), 0o4000)
libc.semget(0x6A6B, 1, 0o1666)
libc.mq_open(b"/" + text, 0o102, 0o666, None)
libc.prctl(15, text[:15], 0, 0, 0)  # the name of the process
libc.prctl(36, 1, 0, 0, 0)  # orphans come to this one
