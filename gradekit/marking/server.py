"""A small server for the desk, for one person's browser on this machine.

It listens on the loopback alone. Its address holds a secret word that is new every time,
so another user of the machine, who can reach the port, gets nothing. A web page that the
person has open elsewhere gets nothing either: it does not know the word, the name it
reached us by must be the loopback's, what it sends must come from our own page, and no
answer may be shown inside another page or read from another origin.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any

from gradekit.core.errors import GradekitError, SubmissionError
from gradekit.core.rubric import Rubric
from gradekit.marking.marking import Desk, Given
from gradekit.marking.page import overview, question_page

LOOPBACK = "127.0.0.1"
MAX_BODY = 64 << 10  # bytes; a comment has 2,000 characters
PATIENCE = 30.0  # seconds for one request
FILES = {"desk.css": "text/css", "desk.js": "text/javascript"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HTML, JSON = "text/html", "application/json"


class DeskServer(ThreadingHTTPServer):
    """Serves one desk; `saved` is told after each change that is in the journal.

    Raises
    ------
    OSError
        If the port is taken.
    """

    daemon_threads = True

    def __init__(self, desk: Desk, port: int, saved: Callable[[], None] = lambda: None) -> None:
        self.desk, self.saved = desk, saved
        self.secret = secrets.token_urlsafe(24)
        self.writing = threading.Lock()  # one change at a time
        super().__init__((LOOPBACK, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a browser that went away in the middle; say anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @property
    def origin(self) -> str:
        """Where our own pages come from."""
        return f"http://{LOOPBACK}:{self.server_port}"

    @property
    def address(self) -> str:
        """What to open."""
        return f"{self.origin}/{self.secret}/"


class _Refused(Exception):  # noqa: N818 - a page that is not given is no error of ours
    """A request that is not answered with a page."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: DeskServer
    timeout = PATIENCE
    protocol_version = "HTTP/1.1"
    server_version = "gradekit"
    sys_version = ""

    def do_GET(self) -> None:
        self._answered(self._get)

    def do_POST(self) -> None:
        self._answered(self._post)

    def log_message(self, *_: object) -> None:
        """Keep the terminal, and the secret word, for the person."""

    def _answered(self, answer: Callable[[], tuple[str, str]]) -> None:
        status = HTTPStatus.OK
        try:
            kind, text = answer()
        except _Refused as refused:
            status, kind, text = refused.status, JSON, json.dumps({"error": str(refused)})
        except SubmissionError as error:
            status, kind, text = HTTPStatus.BAD_REQUEST, JSON, json.dumps({"error": str(error)})
        except GradekitError as error:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            kind, text = JSON, json.dumps({"error": str(error)})
        data = text.encode("utf-8", "backslashreplace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if status is not HTTPStatus.OK:
            self.close_connection = True  # a body may be left unread
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def _below(self) -> str:
        """Return the path below the secret word, for a request that may be answered."""
        if self.headers.get("Host") != self.server.origin.removeprefix("http://"):
            raise _Refused(HTTPStatus.FORBIDDEN, "This server has another name.")
        word, _, rest = self.path.removeprefix("/").partition("/")
        if not hmac.compare_digest(word.encode(), self.server.secret.encode()):
            raise _Refused(HTTPStatus.NOT_FOUND, "Open the address that gradekit printed.")
        return rest

    def _get(self) -> tuple[str, str]:
        path = self._below()
        if not path:
            return HTML, self._overview()
        if path in FILES:
            text = (resources.files("gradekit.marking") / "static" / path).read_text(
                encoding="utf-8"
            )
            return FILES[path], text
        question, rest = self._question(path)
        entries = self.server.desk.entries(question)
        if rest == "/names":
            return JSON, json.dumps({one.handle: one.answer.submission for one in entries})
        if rest:
            raise _Refused(HTTPStatus.NOT_FOUND, "There is no such page.")
        desk = self.server.desk
        asked = next(one for one in desk.questions if one.name == question)
        rubric = desk.rubrics.get(question, Rubric())
        return HTML, question_page(asked, rubric, entries, desk.step)

    def _overview(self) -> str:
        desk = self.server.desk
        rows = []
        for question in desk.questions:
            entries = desk.entries(question.name)
            rows.append((question, sum(entry.read for entry in entries), len(entries)))
        return overview(desk.bundle.assignment, rows)

    def _question(self, path: str) -> tuple[str, str]:
        """Return the question that a path names, and what follows."""
        found = re.fullmatch(r"q/(\w+)(/\w+)?", path)
        if not found or found[1] not in {one.name for one in self.server.desk.questions}:
            raise _Refused(HTTPStatus.NOT_FOUND, "There is no such page.")
        return found[1], found[2] or ""

    def _post(self) -> tuple[str, str]:
        """Save; the answer goes out only after what was sent is on the disk."""
        path = self._below()
        if self.headers.get("Origin") != self.server.origin:
            raise _Refused(HTTPStatus.FORBIDDEN, "Only the desk's own pages may save.")
        if self.headers.get_content_type() != JSON:
            raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON.")
        question, rest = self._question(path)
        data = self._body()
        with self.server.writing:
            if rest == "/empty":
                self.server.desk.give_nothing_to_empty(question)
            elif not rest:
                self.server.desk.give(question, [self._given(question, data)])
            else:
                raise _Refused(HTTPStatus.NOT_FOUND, "There is no such page.")
        self.server.saved()
        return JSON, json.dumps({"saved": True})

    def _body(self) -> dict[str, Any]:
        """Return the JSON object that was sent."""
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"\d{1,6}", length) or int(length) > MAX_BODY:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Send less.")
        try:
            data = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise _Refused(HTTPStatus.BAD_REQUEST, "Send one JSON object.")
        return data

    def _given(self, question: str, data: dict[str, Any]) -> Given:
        """Return what the page wants to give, its handle turned into a submission."""
        entries = self.server.desk.entries(question)
        found = {entry.handle: entry.answer.submission for entry in entries}
        submission, points = found.get(str(data.get("answer"))), str(data.get("points", ""))
        if submission is None:
            raise _Refused(HTTPStatus.NOT_FOUND, "There is no such answer. Load the page again.")
        if not re.fullmatch(r"(\d{1,6}(\.\d{0,6})?|\.\d{1,6})?", points):
            raise _Refused(HTTPStatus.BAD_REQUEST, "The points are not a number.")
        value = float(points) if points else None
        return Given(submission=submission, points=value, comment=str(data.get("comment", "")))


def serve(desk: Desk, port: int, ready: Callable[[str], None]) -> None:
    """Serve a desk until Ctrl-C; `ready` hears the address.

    Reports and gradebook follow every change within a second or two, and once more at
    the end; what was saved is in the journal before either.
    """
    changed, over = threading.Event(), threading.Event()
    follower = threading.Thread(target=_follow, args=(desk, changed, over), daemon=True)
    with DeskServer(desk, port, saved=changed.set) as server:
        follower.start()
        try:
            ready(server.address)
            server.serve_forever(poll_interval=0.2)
        finally:
            over.set()
            changed.set()
            follower.join()


def _follow(desk: Desk, changed: threading.Event, over: threading.Event) -> None:
    """Write the views after changes, many at once where they come quickly."""
    while not over.is_set():
        changed.wait()
        over.wait(0.5)
        changed.clear()
        try:
            desk.write_views()
        except GradekitError:  # said at the end, where the views are written once more
            continue
