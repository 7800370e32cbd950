"""A small server for the pages of `gradekit written`, for one browser on this machine.

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
from typing import Any

from gradekit.core.bundle import Question
from gradekit.core.errors import GradekitError, SubmissionError
from gradekit.core.rubric import Rubric
from gradekit.marking.marking import Marking, ProposedMark
from gradekit.marking.page import Progress, answers_page, policy, questions_page

LOOPBACK = "127.0.0.1"
MAX_BODY = 64 << 10  # bytes; a comment has 2,000 characters
REQUEST_TIMEOUT = 30.0  # seconds
HEADERS = {
    "Cache-Control": "no-store",  # other users may read the browser's cache
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address is the secret
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HTML, JSON = "text/html", "application/json"
NO_PAGE = "There is no such page."


class MarkingServer(ThreadingHTTPServer):
    """Serves the pages of one `Marking`; `on_saved` is called after each saved change.

    Raises
    ------
    OSError
        If the port is taken.
    """

    daemon_threads = True  # Ctrl-C does not wait for a browser that holds a connection

    def __init__(
        self, marking: Marking, port: int, on_saved: Callable[[], None] = lambda: None
    ) -> None:
        self.marking, self.on_saved = marking, on_saved
        self.secret = secrets.token_urlsafe(24)
        self.writing = threading.Lock()  # one change at a time
        self.policy = f"{policy()}; frame-ancestors 'none'"
        super().__init__((LOOPBACK, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a browser that closed the connection; report any other error."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @property
    def origin(self) -> str:
        """The origin of our own pages."""
        return f"http://{LOOPBACK}:{self.server_port}"

    @property
    def address(self) -> str:
        """The address of the first page."""
        return f"{self.origin}/{self.secret}/"


class _RefusedRequest(Exception):  # noqa: N818 - a request that is refused is no error of ours
    """A request that gets a status and a sentence instead of a page."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: MarkingServer
    timeout = REQUEST_TIMEOUT
    protocol_version = "HTTP/1.1"
    server_version = "gradekit"
    sys_version = ""

    def do_GET(self) -> None:
        self._respond(self._get)

    def do_POST(self) -> None:
        self._respond(self._post)

    def log_message(self, *_: object) -> None:
        """Log nothing: the terminal is the person's, and the path holds the secret word."""

    def _respond(self, answer: Callable[[], tuple[str, str]]) -> None:
        status = HTTPStatus.OK
        try:
            content_type, text = answer()
        except _RefusedRequest as refused:
            status, content_type, text = refused.status, JSON, _error(refused)
        except SubmissionError as error:
            status, content_type, text = HTTPStatus.BAD_REQUEST, JSON, _error(error)
        except GradekitError as error:
            status, content_type, text = HTTPStatus.INTERNAL_SERVER_ERROR, JSON, _error(error)
        body = text.encode("utf-8", "backslashreplace")
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if status is not HTTPStatus.OK:
            # Ends the connection too: the body of a refused request may be unread, and
            # would be taken for the next request.
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _get(self) -> tuple[str, str]:
        marking = self.server.marking
        path = self._path_below_secret()
        if not path:
            return HTML, questions_page(marking.bundle.assignment, self._progress())
        question, action = self._question(path)
        entries = marking.answers_to(question.name)
        if action == "/names":
            return JSON, json.dumps({entry.handle: entry.answer.submission for entry in entries})
        if action:
            raise _RefusedRequest(HTTPStatus.NOT_FOUND, NO_PAGE)
        rubric = marking.rubrics.get(question.name, Rubric())
        return HTML, answers_page(question, rubric, entries, marking.step)

    def _post(self) -> tuple[str, str]:
        """Save a change; the response is sent only after it is on the disk."""
        marking = self.server.marking
        path = self._path_below_secret()
        if self.headers.get("Origin") != self.server.origin:
            raise _RefusedRequest(HTTPStatus.FORBIDDEN, "Only the pages of gradekit may save.")
        # A form of another page can send texts without asking first, but no JSON.
        if self.headers.get_content_type() != JSON:
            raise _RefusedRequest(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON.")
        question, action = self._question(path)
        data = self._body()
        with self.server.writing:
            if action == "/empty":
                marking.give_zero_to_empty(question.name)
            elif not action:
                marking.save([self._proposed_mark(question, data)])
            else:
                raise _RefusedRequest(HTTPStatus.NOT_FOUND, NO_PAGE)
        self.server.on_saved()
        return JSON, json.dumps({"saved": True})

    def _path_below_secret(self) -> str:
        """Return the path below the secret word of a request that came to the right address."""
        # A page elsewhere can have its own name resolved to 127.0.0.1, but then says so here.
        if self.headers.get("Host") != self.server.origin.removeprefix("http://"):
            raise _RefusedRequest(HTTPStatus.FORBIDDEN, "This server has another name.")
        word, _, path = self.path.removeprefix("/").partition("/")
        # In constant time: how long the answer takes tells nothing of the secret.
        if not hmac.compare_digest(word.encode(), self.server.secret.encode()):
            raise _RefusedRequest(HTTPStatus.NOT_FOUND, "Open the address that gradekit printed.")
        return path

    def _question(self, path: str) -> tuple[Question, str]:
        """Return the question that a path names, and what follows its name."""
        match = re.fullmatch(r"q/(\w+)(/\w+)?", path)
        questions = {question.name: question for question in self.server.marking.questions}
        if not match or match[1] not in questions:
            raise _RefusedRequest(HTTPStatus.NOT_FOUND, NO_PAGE)
        return questions[match[1]], match[2] or ""

    def _progress(self) -> list[Progress]:
        marking = self.server.marking
        answers = {
            question.name: marking.answers_to(question.name) for question in marking.questions
        }
        return [
            Progress(
                question=question,
                marked=sum(entry.marked for entry in answers[question.name]),
                answers=len(answers[question.name]),
            )
            for question in marking.questions
        ]

    def _body(self) -> dict[str, Any]:
        """Return the JSON object that was sent."""
        # The length is refused before the body is read, which may be any size.
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"\d{1,6}", length) or int(length) > MAX_BODY:
            raise _RefusedRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Send less.")
        try:
            data = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise _RefusedRequest(HTTPStatus.BAD_REQUEST, "Send one JSON object.")
        return data

    def _proposed_mark(self, question: Question, data: dict[str, Any]) -> ProposedMark:
        """Return the mark that the page sent, with its handle turned into a submission."""
        entries = self.server.marking.answers_to(question.name)
        submissions = {entry.handle: entry.answer.submission for entry in entries}
        submission = submissions.get(str(data.get("answer")))
        if submission is None:
            raise _RefusedRequest(
                HTTPStatus.NOT_FOUND, "There is no such answer. Load the page again."
            )
        # Not float alone: it would also take "nan", "inf" and "1_0".
        points = str(data.get("points", ""))
        if not re.fullmatch(r"(\d{1,6}(\.\d{0,6})?|\.\d{1,6})?", points):
            raise _RefusedRequest(HTTPStatus.BAD_REQUEST, "The points are not a number.")
        return ProposedMark(
            question=question.name,
            submission=submission,
            points=float(points) if points else None,
            comment=str(data.get("comment", "")),
        )


def _error(error: Exception) -> str:
    return json.dumps({"error": str(error)})


def serve(marking: Marking, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve the pages until Ctrl-C; `on_ready` is called with the address.

    Reports and gradebook follow every change within a second or two, and once more at
    the end; what was saved is in the journal before either.

    Raises
    ------
    OSError
        If the port is taken.
    """
    changed, ended = threading.Event(), threading.Event()
    writer = threading.Thread(target=_keep_views, args=(marking, changed, ended), daemon=True)
    with MarkingServer(marking, port, on_saved=changed.set) as server:
        writer.start()
        try:
            on_ready(server.address)
            server.serve_forever(poll_interval=0.2)
        finally:
            ended.set()
            changed.set()
            writer.join()


def _keep_views(marking: Marking, changed: threading.Event, ended: threading.Event) -> None:
    """Write the views after changes, many at once where the changes come quickly."""
    while not ended.is_set():
        changed.wait()
        ended.wait(0.5)  # whoever types fast saves several times a second
        changed.clear()
        try:
            marking.write_views()
        except GradekitError:  # reported at the end, when the views are written once more
            continue
