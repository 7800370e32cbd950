"""A real JupyterLab in a real browser, for tests of what students see and touch.

Both live on 127.0.0.1, each in a home of its own that a test gives and removes, so that
nobody's Jupyter settings are read or changed. Both end with their `with` block.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psutil
from playwright.sync_api import BrowserContext, expect, sync_playwright

PATIENCE = 60.0  # seconds; a busy machine is no failure
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-first-run",
    "--no-proxy-server",
    "--no-sandbox",  # as root it cannot make one; every page is our own
)

WITH_US = ("setpriv", "--pdeathsig", "KILL")  # ends with the tests, also when they are killed

Seen = TypeVar("Seen")


def chromium() -> str | None:
    """Return the path of this machine's browser, or None."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@contextmanager
def window(home: Path) -> Iterator[BrowserContext]:
    """Start a browser with an empty profile in `home`."""
    home.mkdir()
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            home / "profile",
            executable_path=chromium(),
            headless=True,
            args=FLAGS,
            env=_environment(home),
            viewport={"width": 1280, "height": 1000},
            timeout=1000 * PATIENCE,
        )
        try:
            context.set_default_timeout(1000 * PATIENCE)
            expect.set_options(timeout=1000 * PATIENCE)
            yield context
        finally:
            context.close()


@contextmanager
def jupyter_lab(folder: Path, home: Path) -> Iterator[str]:
    """Serve `folder` with settings in `home`; yield JupyterLab's address with its token."""
    token = secrets.token_hex(16)
    _settle(folder, home / "config", token)
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*WITH_US, sys.executable, "-m", "jupyterlab"],
            cwd=folder,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield f"http://127.0.0.1:{_port(server, home)}/lab?token={token}"
        finally:
            _end(server, home)


def living(home: Path) -> list[psutil.Process]:
    """Return the processes whose HOME is `home` or lies below it, however they were started."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):  # ended meanwhile, or not ours to look into
            if Path(process.environ().get("HOME", "/")).is_relative_to(home):
                found.append(process)
    return found


def until(look: Callable[[], Seen], holds: Callable[[Seen], bool]) -> Seen:
    """Look again and again; return what is seen as soon as it `holds`."""
    end = time.monotonic() + PATIENCE
    while not holds(seen := look()):
        if time.monotonic() > end:
            raise TimeoutError(f"What was hoped for did not come within {PATIENCE:.0f} s: {seen}")
        time.sleep(0.05)
    return seen


def _settle(folder: Path, config: Path, token: str) -> None:
    """Write the server's settings; no start-up question covers the page."""
    options = {
        "IdentityProvider.token": token,
        "ServerApp.allow_root": True,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.open_browser": False,
        "ServerApp.port": 0,  # any free one
        "ServerApp.root_dir": str(folder),
    }
    news = config / "lab/user-settings/@jupyterlab/apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    text = "".join(f"c.{name} = {value!r}\n" for name, value in options.items())
    (config / "jupyter_lab_config.py").write_text(text, encoding="utf-8")


def _environment(home: Path) -> dict[str, Any]:
    """Return all that server and browser learn of this machine: where programs are."""
    own = {f"JUPYTER_{name.upper()}_DIR": str(home / name) for name in ("config", "data")}
    places = {"JUPYTER_RUNTIME_DIR": str(home / "runtime"), "HOME": str(home), "TMPDIR": str(home)}
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **own, **places}


def _port(server: subprocess.Popen[bytes], home: Path) -> int:
    """Return the port that the server has chosen, as soon as it answers there."""
    record = home / "runtime" / f"jpserver-{server.pid}.json"

    def look() -> int | None:
        with contextlib.suppress(OSError, ValueError):  # not written yet, half, or not listening
            port = int(json.loads(record.read_text(encoding="utf-8"))["port"])
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return port
        return None

    port = until(look, lambda port: port is not None or server.poll() is not None)
    if port is None:
        said = (home / "server.log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"JupyterLab ended with code {server.returncode}:\n{said[-4000:]}")
    return port


def _end(server: subprocess.Popen[bytes], home: Path) -> None:
    """Kill the server, then its kernels: what they could still save goes with the home."""
    server.kill()
    server.wait()
    kernels = living(home)
    for process in kernels:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(kernels, timeout=PATIENCE)
