"""Idea: raw, packet and netlink sockets see the host's interfaces, or make new ones.
Must: see a loopback alone, and change nothing.
"""

import socket
import struct

loot.extend(name for _, name in socket.if_nameindex() if name != "lo")
kinds = [(socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_INET6, socket.SOCK_RAW, 58)]
kinds += [
    (socket.AF_PACKET, socket.SOCK_RAW, 0x0300),
    (socket.AF_PACKET, socket.SOCK_DGRAM, 0x0300),
]
for family, kind, protocol in kinds:
    try:
        with socket.socket(family, kind, protocol) as wire:
            loot.append(f"a raw socket of family {family}")
    except OSError:
        pass
try:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as wire:
        wire.settimeout(1)
        link = struct.pack("=IHHII", 48, 16, 0x605, 1, 0) + struct.pack("=BxHiII", 0, 0, 0, 0, 0)
        wire.send(link + struct.pack("=HH", 12, 3) + b"mark\0\0\0\0")
        if struct.unpack("=i", wire.recv(4096)[16:20])[0] == 0:
            loot.append("an interface was made")
except OSError:
    pass
