"""Notebooks that were written in Colab and other hosted services."""

from __future__ import annotations

from functools import partial

from faults.desk import FULL, Desk, Fault, code, fault, place

FAULTS: list[Fault] = []
broken = partial(fault, FAULTS)


@broken(points=FULL)
def drive_is_mounted(desk: Desk) -> None:
    """The first cell mounts the student's Google Drive.

    There is none here; the cell fails and the others run.
    """
    _begin_with(desk, "from google.colab import drive\ndrive.mount('/content/drive')")


@broken(points=FULL)
def colab_folder(desk: Desk) -> None:
    """Cells change to a folder of Colab and list it.

    The folder is not here, which costs nothing.
    """
    _begin_with(desk, "%cd /content/drive/MyDrive/homework\n!ls -la")


@broken(points=FULL)
def files_are_uploaded(desk: Desk) -> None:
    """A cell opens Colab's dialogue for uploads.

    There is none here; the cell fails and the others run.
    """
    _begin_with(desk, "from google.colab import files\nuploaded = files.upload()")


@broken(points=FULL)
def packages_are_installed(desk: Desk) -> None:
    """The first cell installs packages from a network that is not here.

    It fails in bounded time, and what is installed already serves.
    """
    _begin_with(desk, "!pip install -q --retries 0 otter-grader==4.2.0\n%pip install numpy")


@broken(points=FULL)
def packages_of_the_system_are_installed(desk: Desk) -> None:
    """A cell installs packages of the system and downloads data.

    It fails, and the others run.
    """
    _begin_with(desk, "!apt-get -qq install graphviz\n!wget -q --tries=1 http://192.0.2.1/data.zip")


@broken(points=FULL)
def ids_in_the_metadata(desk: Desk) -> None:
    """Colab keeps the ids of cells in their metadata.

    They are found there.
    """
    made = desk.solved()
    for one in made["cells"]:
        one["metadata"] = {"id": one.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}}
    desk.hand_in({**made, "nbformat_minor": 0, "metadata": {"colab": {"provenance": []}}})


@broken(points=FULL, says="no id")
def ids_of_colab(desk: Desk) -> None:
    """Colab made ids of its own, with characters that Jupyter does not allow.

    The answers are found by what they define, with a note.
    """
    made = desk.solved()
    for number, one in enumerate(made["cells"]):
        one["id"], one["metadata"] = f"_aB cD/{number}", {}
    desk.hand_in(made)


@broken(points=FULL)
def forms(desk: Desk) -> None:
    """A cell has the fields of a Colab form.

    They are comments.
    """
    _begin_with(desk, "#@title Settings { run: 'auto' }\nwidth = 15 #@param {type:'slider'}")


@broken(points=FULL)
def another_kernel(desk: Desk) -> None:
    """The notebook names a kernel that only the student's machine has.

    It runs in ours.
    """
    made = desk.solved()
    spec = {"name": "tf2-gpu", "display_name": "TensorFlow on Bo's machine", "language": "python"}
    desk.hand_in({**made, "metadata": {"kernelspec": spec, "accelerator": "GPU"}})


@broken(says='no list of "cells"')
def a_shortcut(desk: Desk) -> None:
    """What was handed in is the shortcut that Google Drive leaves on the desktop.

    It holds no work, which is said.
    """
    desk.hand_in('{"url": "https://colab.research.google.com/drive/1", "doc_id": "1"}')


def _begin_with(desk: Desk, source: str) -> None:
    """Hand in the solved notebook with a cell before its imports."""
    made = desk.solved()
    made["cells"].insert(place(made, "imports"), code(source, id="begin"))
    desk.hand_in(made)
