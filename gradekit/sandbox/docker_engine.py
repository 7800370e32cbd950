"""The Docker engine: whether one answers, and which of its containers are ours.

A container carries the process that made it in a label. So what a killed gradekit left
behind is known from what a living one is still using, and the next run removes it.
"""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import docker
import psutil
from docker import DockerClient
from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException

LABEL = "gradekit.container"
ANSWER_SECONDS = 2.0  # an engine that is there answers in milliseconds
PATIENCE_SECONDS = 1800.0  # a step of an image build may be silent for minutes


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """What the Docker engine said: a client, or why there is none."""

    client: DockerClient | None
    reason: str  # empty exactly when there is a client


def ask_engine() -> EngineAnswer:
    """Ask the Docker engine whether it is there, for two seconds at most."""
    try:
        client = docker.from_env(timeout=ANSWER_SECONDS)
        client.ping()
    except (DockerException, RequestException, OSError, ValueError) as error:
        return EngineAnswer(None, why_no_engine(str(error)))
    client.api.timeout = PATIENCE_SECONDS
    return EngineAnswer(client, "")


def engine() -> DockerClient | None:
    """Return a client of the Docker engine, or None where none answers."""
    return ask_engine().client


def why_no_engine(error: str) -> str:
    """Return the reason in an error of the client: two causes have two remedies."""
    if "Permission denied" in error:
        return "its socket is there, but this user may not use it (add the user to group docker)"
    if "No such file" in error or "Connection refused" in error:
        return "no engine answers"
    return f"no engine answers ({error[:200]})"


def owner() -> dict[str, Any]:
    """Return who makes a container: a process, told apart from later ones of its number."""
    process = psutil.Process()
    return {"host": socket.gethostname(), "pid": process.pid, "born": process.create_time()}


def sweep(client: DockerClient) -> int:
    """Remove the containers of gradekit processes that no longer live; return how many."""
    removed = 0
    for container in client.containers.list(
        all=True, filters={"label": LABEL}, ignore_removed=True
    ):
        if _is_orphan(container.labels.get(LABEL, "")):
            remove(client, container.id)
            removed += 1
    return removed


def remove(client: DockerClient, name: str) -> None:
    """Remove a container; one that stays is swept away by the next run."""
    with suppress(NotFound, APIError, RequestException):
        client.api.remove_container(name, force=True, v=True)


def _is_orphan(label: str) -> bool:
    """Return whether the process in a label is gone; where nobody can know it is not."""
    try:
        maker = json.loads(label)
        if maker["host"] != socket.gethostname():
            return False  # another machine's process cannot be seen from here
        return bool(abs(psutil.Process(maker["pid"]).create_time() - maker["born"]) > 1)
    except psutil.NoSuchProcess:
        return True
    except (ValueError, KeyError, TypeError, psutil.Error):
        return False
