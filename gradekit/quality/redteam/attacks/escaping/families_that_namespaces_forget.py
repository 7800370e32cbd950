"""Idea: virtual machine sockets, Bluetooth, CAN and the kernel's cryptography have namespaces of their own, or none.
Must: reach nobody on the host, whatever sockets can be made.
"""

import socket

for name in ("AF_VSOCK", "AF_BLUETOOTH", "AF_CAN", "AF_TIPC", "AF_RDS", "AF_QIPCRTR", "AF_ALG"):
    family = getattr(socket, name, None)
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):
        try:
            with socket.socket(family, kind) as wire:
                wire.settimeout(1)
                if name == "AF_VSOCK":
                    wire.connect((1, HOST_PORT))  # this machine
                    loot.append("a virtual machine socket was answered")
        except (OSError, TypeError):
            pass
