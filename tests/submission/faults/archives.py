"""Archives in place of a notebook: honest ones, careless ones, and traps."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from functools import partial

from faults.desk import FULL, Desk, Fault, fault, text

FAULTS: list[Fault] = []
broken = partial(fault, FAULTS)


def zipped(members: dict[str, bytes | str], mode: int = 0, method: int = 8) -> bytes:
    """Return a zip of these members, all with the same Unix mode."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr, entry.compress_type = mode << 16, method
            archive.writestr(entry, content)
    return packed.getvalue()


def tarred(members: dict[str, bytes], kind: bytes = tarfile.REGTYPE, target: str = "") -> bytes:
    """Return a tar of these members, all of one type."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.size = kind, target, len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@broken(points=FULL, says="read from the zip archive handed in: work/x.ipynb")
def zip_with_one(desk: Desk) -> None:
    """The platform asked for a zip, and macOS packed its own files too.

    The one notebook is graded, and the note says where it was.
    """
    junk = {"__MACOSX/work/._x.ipynb": b"\0\5", "work/.ipynb_checkpoints/x.ipynb": "{}"}
    members = {"work/x.ipynb": text(desk.solved()), "work/plot.png": b"\x89PNG", **junk}
    desk.hand_in(zipped(members), "zip-with-one.zip")


@broken(says="one.ipynb, two.ipynb: which one counts")
def zip_with_two(desk: Desk) -> None:
    """Two notebooks are in the zip, the blank one and the solved one.

    Both are named; nobody guesses.
    """
    members = {"one.ipynb": text(desk.blank), "two.ipynb": text(desk.solved())}
    desk.hand_in(zipped(members), "zip-with-two.zip")


@broken(says="x.ipynb, x.ipynb: which one counts")
def zip_with_one_name_twice(desk: Desk) -> None:
    """Two members have the same name, of which programs unpack one or the other.

    It counts as two notebooks.
    """
    twice = zipped({"x.ipynb": text(desk.blank), "y.ipynb": text(desk.solved())})
    desk.hand_in(twice.replace(b"y.ipynb", b"x.ipynb"), "zip-with-one-name-twice.zip")


@broken(says="holds no notebook, only answer.py. Hand in the notebook")
def zip_with_none(desk: Desk) -> None:
    """Only the exported script was packed.

    The reason says what the archive holds.
    """
    desk.hand_in(zipped({"answer.py": "x = 1"}), "zip-with-none.zip")


@broken(says="holds no notebook")
def zip_with_nothing(desk: Desk) -> None:
    """The zip is empty.

    The reason says so.
    """
    desk.hand_in(zipped({}), "zip-with-nothing.zip")


@broken(says="its path leads out of the archive")
def zip_that_climbs(desk: Desk) -> None:
    """The notebook's path climbs out of the folder it would be unpacked to.

    It is passed over, and nothing is written anywhere.
    """
    desk.hand_in(zipped({"../../climbed.ipynb": text(desk.solved())}), "zip-that-climbs.zip")


@broken(points=FULL, says="/tmp/planted.ipynb was passed over")
def zip_with_an_absolute_path(desk: Desk) -> None:
    """Beside the notebook lies one with a path from the root.

    That one is passed over with a note; the other is graded.
    """
    members = {"/tmp/planted.ipynb": text(desk.blank), "x.ipynb": text(desk.solved())}
    desk.hand_in(zipped(members), "zip-with-an-absolute-path.zip")


@broken(says="a link, and links are not followed")
def zip_with_a_link(desk: Desk) -> None:
    """The notebook in the zip is a link to a file of ours.

    It is not followed, and its target is not shown.
    """
    packed = zipped({"x.ipynb": "/etc/passwd"}, mode=stat.S_IFLNK | 0o777)
    desk.hand_in(packed, "zip-with-a-link.zip")


@broken(says="unpacks to more than 100 MiB")
def zip_bomb(desk: Desk) -> None:
    """A zip of 200 kB unpacks to 200 MB.

    Unpacking ends at the limit.
    """
    desk.hand_in(zipped({"x.ipynb": bytes(200 << 20)}), "zip-bomb.zip")


@broken(says="archive is damaged")
def zip_with_lying_sizes(desk: Desk) -> None:
    """The directory says that 200 MB are ten bytes.

    What it says is not believed, and its check sum fails.
    """
    packed = bytearray(zipped({"x.ipynb": bytes(200 << 20)}))
    struct.pack_into("<L", packed, packed.index(b"PK\x01\x02") + 24, 10)
    desk.hand_in(bytes(packed), "zip-with-lying-sizes.zip")


@broken(says="more than 5000 files")
def zip_with_a_crowd(desk: Desk) -> None:
    """Six thousand files are in the zip, a whole environment.

    They are counted before anything is made of them.
    """
    members = {f"venv/{n}.py": "" for n in range(6000)}
    desk.hand_in(zipped({**members, "x.ipynb": text(desk.solved())}), "zip-with-a-crowd.zip")


@broken(says="holds no notebook, only homework.zip")
def zip_in_a_zip(desk: Desk) -> None:
    """The zip holds a zip that holds the notebook.

    Archives in archives are not opened; the reason says what is there.
    """
    inner = zipped({"x.ipynb": text(desk.solved())})
    desk.hand_in(zipped({"homework.zip": inner}), "zip-in-a-zip.zip")


@broken(says="x.ipynb: the file is a zip archive")
def zip_in_disguise_in_a_zip(desk: Desk) -> None:
    """The notebook in the zip is a zip again.

    It is not opened; the reason names the member.
    """
    inner = zipped({"x.ipynb": text(desk.solved())})
    desk.hand_in(zipped({"x.ipynb": inner}), "zip-in-disguise-in-a-zip.zip")


@broken(says="protected by a password")
def zip_with_a_password(desk: Desk) -> None:
    """The zip is encrypted.

    The reason says so.
    """
    packed = bytearray(zipped({"x.ipynb": text(desk.solved())}))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    packed[6] |= 1
    desk.hand_in(bytes(packed), "zip-with-a-password.zip")


@broken(says="archive is damaged")
def zip_cut_short(desk: Desk) -> None:
    """The upload of the zip was interrupted.

    The reason says that it is damaged.
    """
    desk.hand_in(zipped({"x.ipynb": text(desk.solved())})[:-40], "zip-cut-short.zip")


@broken(says="archive is damaged")
def zip_with_a_wrong_check_sum(desk: Desk) -> None:
    """One byte of the stored notebook was changed on the way.

    The check sum tells, and a changed answer is not graded.
    """
    packed = zipped({"x.ipynb": text(desk.solved())}, method=zipfile.ZIP_STORED)
    changed = packed.replace(b"np.argmax", b"np.argmin")
    desk.hand_in(changed, "zip-with-a-wrong-check-sum.zip")


@broken(says="packed by a method that is not read")
def zip_by_another_method(desk: Desk) -> None:
    """The zip is packed with LZMA, whose unpacking cannot be bounded.

    The reason says that this method is not read.
    """
    packed = zipped({"x.ipynb": text(desk.solved())}, method=zipfile.ZIP_LZMA)
    desk.hand_in(packed, "zip-by-another-method.zip")


@broken(points=FULL, says="read from the zip archive handed in: x.ipynb")
def zip_named_notebook(desk: Desk) -> None:
    """The zip has the suffix of a notebook.

    Bytes decide, not names.
    """
    desk.hand_in(zipped({"x.ipynb": text(desk.solved())}))


@broken(points=FULL)
def notebook_named_zip(desk: Desk) -> None:
    """The notebook has the suffix of a zip.

    Bytes decide, not names.
    """
    desk.hand_in(desk.solved(), "notebook-named-zip.zip")


@broken(points=FULL, says="read from the tar archive handed in: x.ipynb")
def tar_with_one(desk: Desk) -> None:
    """The notebook was packed with tar.

    It is graded, and the note says where it was.
    """
    desk.hand_in(tarred({"x.ipynb": text(desk.solved()).encode()}), "tar-with-one.tar")


@broken(points=FULL, says="read from the tar archive handed in: work/")
def tar_with_gzip(desk: Desk) -> None:
    """The notebook was packed with tar and gzip, deep in folders with long names.

    It is graded.
    """
    name = f"work/{'long ' * 30}/x.ipynb"
    packed = gzip.compress(tarred({name: text(desk.solved()).encode()}))
    desk.hand_in(packed, "tar-with-gzip.tar.gz")


@broken(points=FULL, says="read from the gzip archive handed in")
def gzip_alone(desk: Desk) -> None:
    """The notebook was compressed without tar.

    It is graded.
    """
    row = gzip.compress(text(desk.solved()).encode())
    desk.hand_in(row, "gzip-alone/gzip-alone.ipynb.gz")


@broken(says="unpacks to more than 100 MiB")
def gzip_bomb(desk: Desk) -> None:
    """A gzip of 200 kB unpacks to 200 MB.

    Unpacking ends at the limit.
    """
    desk.hand_in(gzip.compress(bytes(200 << 20)), "gzip-bomb.tgz")


@broken(says="a link, and links are not followed")
def tar_with_a_link(desk: Desk) -> None:
    """The notebook in the tar is a hard link to a file of ours.

    It is not followed.
    """
    packed = tarred({"x.ipynb": b""}, tarfile.LNKTYPE, "/etc/passwd")
    desk.hand_in(packed, "tar-with-a-link.tar")


@broken(says="not a regular file")
def tar_with_a_device(desk: Desk) -> None:
    """The notebook in the tar is the device that reads zeros for ever.

    It is not opened.
    """
    desk.hand_in(tarred({"x.ipynb": b""}, tarfile.CHRTYPE), "tar-with-a-device.tar")


@broken(says="archive is damaged")
def tar_cut_short(desk: Desk) -> None:
    """The upload of the tar was interrupted.

    The reason says that it is damaged.
    """
    packed = tarred({"x.ipynb": text(desk.solved()).encode()})
    desk.hand_in(packed[:2000], "tar-cut-short.tar")


@broken(says="a rar archive")
def rar(desk: Desk) -> None:
    """The notebook was packed by a program whose format is not read.

    The reason names the format and the remedy.
    """
    desk.hand_in(b"Rar!\x1a\x07\x01\x00" + bytes(100), "rar.rar")


@broken(says="a 7z archive")
def seven_zip(desk: Desk) -> None:
    """The notebook was packed by another such program.

    The reason names the format and the remedy.
    """
    desk.hand_in(b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(100), "seven-zip.7z")


@broken(points=FULL)
def notebook_beside_a_zip(desk: Desk) -> None:
    """The student's folder holds the notebook and a zip of the blank one.

    The notebook counts, as beside any other file.
    """
    desk.hand_in(desk.solved(), "notebook-beside-a-zip/x.ipynb")
    desk.hand_in(zipped({"x.ipynb": text(desk.blank)}), "notebook-beside-a-zip/given.zip")


@broken(points=FULL, says="read from the zip archive handed in: x.ipynb")
def zip_in_a_folder(desk: Desk) -> None:
    """The student's folder holds a zip, a picture and no notebook.

    The notebook in the zip counts.
    """
    desk.hand_in(zipped({"x.ipynb": text(desk.solved())}), "zip-in-a-folder/work.zip")
    desk.hand_in(b"\x89PNG", "zip-in-a-folder/plot.png")


@broken(says="new.zip, old.zip: which one counts")
def two_zips_in_a_folder(desk: Desk) -> None:
    """The student's folder holds two zips and no notebook.

    Both are named; nobody guesses.
    """
    for name, made in (("old", desk.blank), ("new", desk.solved())):
        desk.hand_in(zipped({"x.ipynb": text(made)}), f"two-zips-in-a-folder/{name}.zip")
