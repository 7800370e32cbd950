"""The server of the marking pages answers these pages alone, and keeps what it said it saved."""

from __future__ import annotations

import html
import http.client
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import marking_class
import pytest
from marking_class import ANSWERS, of_class, rows

from gradekit.grading.journal import WRITTEN, Journal
from gradekit.marking.marking import Marking, handle_of
from gradekit.marking.server import MarkingServer


@pytest.fixture
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MarkingServer]:
    """The marking of a class of four, out of 4 points or as many as a test asks for."""
    monkeypatch.chdir(tmp_path)
    marking_class.fill(tmp_path)
    marking_class.build(tmp_path, out_of=getattr(request, "param", 4.0))
    with Journal(Path("results"), WRITTEN) as journal, MarkingServer(of_class(journal), 0) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def ask(
    server: MarkingServer, path: str, data: Any = None, secret: str | None = None, **change: str
) -> tuple[int, str, dict[str, str]]:
    """Ask as the page would, but for what is changed; return status, text and headers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    headers = {"Origin": server.origin, "Content-Type": "application/json", **change}
    word = server.secret if secret is None else secret
    body = None if data is None else json.dumps(data)
    connection.request("POST" if body else "GET", f"/{word}/{path}", body, headers)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, text, dict(reply.getheaders())


def handle(server: MarkingServer, name: str) -> str:
    """Return what the page calls somebody's answer."""
    known = json.loads(ask(server, "q/findings/names")[1])
    return next(key for key, submission in known.items() if submission == name)


def mark(server: MarkingServer, name: str, points: str, **change: str) -> tuple[int, str]:
    data = {"answer": handle(server, name), "points": points, "comment": "seen"}
    return ask(server, "q/findings", data, **change)[:2]


def points(server: MarkingServer) -> dict[str, float | None]:
    marking: Marking = server.marking
    return {entry.answer.submission: entry.points for entry in marking.answers_to("findings")}


NOBODY = dict.fromkeys(ANSWERS)


def test_what_was_called_saved_is_in_the_journal(server: MarkingServer) -> None:
    """The answer comes after the commit: another connection to the file sees it at once."""
    import sqlite3

    assert mark(server, "alice", "3.5") == (200, '{"saved": true}')
    with sqlite3.connect("results/journal.sqlite3") as base:
        row = base.execute("SELECT submission, points, comment, who FROM written").fetchall()
    assert row == [("alice", 3.5, "seen", "tess")]
    server.marking.write_views()
    assert rows()["alice"]["findings"] == ""  # never graded, so there is no total either


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Host": "attacker.example"}, 403),  # another name for 127.0.0.1
        ({"Host": "localhost.attacker.example:80"}, 403),
        ({"Origin": "http://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),  # what a form of another page can send
        ({"secret": ""}, 404),
        ({"secret": "wrong"}, 404),
    ],
)
def test_no_other_page_can_save(change: dict[str, str], status: int, server: MarkingServer) -> None:
    """Not by another name of this machine, from another origin, as a form, or without the word."""
    assert mark(server, "alice", "1", **change)[0] == status
    assert points(server) == NOBODY


@pytest.mark.parametrize("path", ["", "q/findings", "q/findings/names"])
def test_without_the_word_or_the_name_nothing_is_shown(path: str, server: MarkingServer) -> None:
    """Another user of this machine, or a page in the browser, learns no answer."""
    for change in ({"secret": "x"}, {"Host": "attacker.example"}):
        status, text, headers = ask(server, path, **change)
        assert status in (403, 404)
        assert "alice" not in text
        assert not any(name.lower().startswith("access-control") for name in headers)


@pytest.mark.parametrize(
    "path", ["q/findings/../../x", "q/conv1d", "q/findings/x", "../journal.sqlite3"]
)
def test_there_are_no_other_pages(path: str, server: MarkingServer) -> None:
    """No file is served, and no question that is not written."""
    assert ask(server, path)[0] == 404


def test_a_page_may_run_nothing_but_its_own_script(server: MarkingServer) -> None:
    """What students wrote is text in it; the policy would stop what got through."""
    status, text, headers = ask(server, "q/findings")
    assert status == 200
    assert "&lt;script&gt;document.title" in text
    assert "more &lt;filters&gt; help" in text
    assert text.count("<script") == 1
    in_page = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert in_page is not None
    for policy in (headers["Content-Security-Policy"], html.unescape(in_page[1])):
        assert policy.startswith("default-src 'none'; ")
        assert re.search(r"; script-src 'sha256-[^ ;]+';", policy)
        assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_a_page_names_nobody(server: MarkingServer) -> None:
    """Ids are in the page only once they are asked for; the order tells nothing and stays."""
    text = ask(server, "q/findings")[1]
    assert not re.search(rf"\b({'|'.join(ANSWERS)})\b", text)
    assert text == ask(server, "q/findings")[1]


def test_the_order_of_answers_is_nobodys_order(server: MarkingServer) -> None:
    """It is neither that of the names nor the same for two questions."""
    answers = server.marking.answers_to("findings")
    order = [entry.answer.submission for entry in answers]
    assert sorted(order) == sorted(ANSWERS)
    assert order not in (sorted(ANSWERS), sorted(ANSWERS, reverse=True))
    elsewhere = [replace(entry.answer, question="outlook") for entry in answers]
    by_handle = sorted(elsewhere, key=handle_of)
    assert [answer.submission for answer in by_handle] != order


@pytest.mark.parametrize("given", ["-1", "nan", "1e9", "9", "0.3", "inf", "1 or 2"])
def test_nonsense_is_refused_with_a_sentence(given: str, server: MarkingServer) -> None:
    """And the points that were there stay."""
    mark(server, "alice", "2")
    status, text = mark(server, "alice", given)
    assert status == 400
    assert len(json.loads(text)["error"]) > 10
    assert points(server)["alice"] == 2


@pytest.mark.parametrize("server", [2.25], indirect=True)
def test_full_points_are_saved_also_off_the_step(server: MarkingServer) -> None:
    """The page says what full points are, and these are taken: 2.25 of 2.25 by halves."""
    [out_of] = set(re.findall('data-out-of="(.*?)"', ask(server, "q/findings")[1]))
    assert out_of == "2.25"
    assert mark(server, "alice", out_of) == (200, '{"saved": true}')
    assert mark(server, "bo", "2.2")[0] == 400
    assert points(server) == {**NOBODY, "alice": 2.25}


def test_the_first_page_counts_what_is_marked(server: MarkingServer) -> None:
    """It is made anew each time, and no browser keeps it."""
    assert "<td>0 of 4</td>" in ask(server, "")[1]
    mark(server, "alice", "1")
    _, text, headers = ask(server, "")
    assert "<td>1 of 4</td>" in text
    assert headers["Cache-Control"] == "no-store"


def test_a_large_or_broken_body_is_refused(server: MarkingServer) -> None:
    """Without reading on."""
    assert ask(server, "q/findings", {"comment": "x" * 70_000})[0] == 413
    assert ask(server, "q/findings", ["no object"])[0] == 400
    assert ask(server, "q/findings", {"answer": "nobody"})[0] == 404
    assert points(server) == NOBODY
