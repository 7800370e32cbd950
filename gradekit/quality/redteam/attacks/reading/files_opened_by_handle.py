"""Idea: open_by_handle_at opens files by their number, whatever folder they are in.
Must: find no planted word; the right to do so is not given.
"""

import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
for place in ("/", "/etc/hostname", "/etc/hosts", "/usr", "/home", "/tmp", "/autograder/files"):
    try:
        mount = os.open(place, os.O_RDONLY)
    except OSError:
        continue
    own = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + bytes(128))
    number = ctypes.c_int()
    libc.name_to_handle_at(-100, place.encode(), own, ctypes.byref(number), 0)
    handles = [struct.pack("IiII", 8, 1, inode, 0) for inode in (2, 64, 96, 128, 256)]
    for handle in [own.raw, *handles]:
        found = libc.open_by_handle_at(mount, ctypes.create_string_buffer(handle + bytes(128)), 0)
        if found < 0:
            continue
        loot.append(f"{place} by handle")
        try:
            for name in os.listdir(found):
                keep(name)
                loot.append(name[:50])
        except OSError:
            pass
        os.close(found)
    os.close(mount)
