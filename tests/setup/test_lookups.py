"""Real requests to a loopback server that answers as the worst of them."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dns.exception
import dns.resolver
import pytest

from agent.setup import lookups
from agent.setup.autoconfig import LIMIT

_ON = {"/on": "/file", "/circle": "/circle", "/away": "http://files.example.org/x", "/disk": "file:///etc/passwd"}
_BODIES = {"/file": b"<x/>", "/large": b"x" * (LIMIT + 1), "/endless": b""}


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/silent":
            time.sleep(3)
        elif self.path in _ON:
            self.send_response(302)
            self.send_header("Location", _ON[self.path])
            self.end_headers()
        else:
            self.send_response(200 if self.path in _BODIES else 404)
            self.end_headers()
            self.wfile.write(_BODIES.get(self.path, b"<x/>"))
        while self.path == "/endless":
            self.wfile.write(b"x" * 65536)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Who hangs up in the middle is right to do so here."""


@pytest.fixture
def web() -> Iterator[str]:
    server = _Quiet(("127.0.0.1", 0), _Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/file", b"<x/>"),
        ("/on", b"<x/>"),
        ("/none", None),
        ("/large", None),
        ("/endless", None),
        ("/circle", None),
        ("/away", None),
        ("/disk", None),
    ],
)
def test_a_file(web: str, path: str, body: bytes | None) -> None:
    """What is no file of a fair size, at a place that may be asked, is none."""
    assert lookups.fetch(web + path) == body


def test_in_the_clear_from_elsewhere(web: str) -> None:
    """A name that is not written as this machine's own, although it leads here: it is not asked, nor gone on to."""
    assert lookups.fetch(web.replace("127.0.0.1", "127.1") + "/file") is None


def test_a_silent_server(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "PATIENCE", 0.3)
    begun = time.monotonic()
    assert lookups.fetch(f"{web}/silent") is None
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "url",
    ["http://autoconfig.example.org/x", "ftp://localhost/x", "file:///etc/passwd", "https://", "x", "https://[::1"],
)
def test_places_that_are_not_asked(url: str) -> None:
    """In the clear anybody could name another mail server."""
    assert lookups.fetch(url) is None


@pytest.mark.parametrize(
    "failure", [dns.resolver.NoAnswer, dns.exception.Timeout, dns.resolver.NoResolverConfiguration]
)
def test_no_answer_of_the_dns(monkeypatch: pytest.MonkeyPatch, failure: type[Exception]) -> None:
    """Whatever the reason, it is no answer."""

    def resolve(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    assert lookups.srv("_imaps._tcp.example.org") == ()
    assert lookups.mx("example.org") == ()


def test_names_that_are_none() -> None:
    assert lookups.srv("_imaps._tcp." + "a" * 80) == ()
    assert lookups.mx("a..b") == ()
