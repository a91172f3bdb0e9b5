"""Microsoft Graph on loopback: our own answerer, written from Microsoft's documentation, over real HTTP.

It is weaker proof than a live account, and says so: every behaviour names its page where it is implemented
(``graph_answers``, ``graph_store``, ``graph_mail``). It records every request, and fails on demand.
"""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.servers import USER, Port
from tests.servers.graph_answers import Answer, Asked, Graph, refused
from tests.servers.graph_mail import Json
from tests.servers.graph_store import Store

HANG_UP = 0
"""Instead of a status: the connection ends without an answer."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Json | None


@dataclass
class Fault:
    """What goes wrong with the next requests that match. ``performed``: it is done, and only the answer is wrong."""

    method: str
    path: str
    times: int
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    performed: bool = False
    cut: bool = False
    """The right answer, but half of it: promise more bytes than come, and hang up."""
    after: int = 0
    """How many matching requests go well before."""


class GraphServer:
    """One mailbox's Graph. ``token`` is the only access token it takes."""

    def __init__(self, owner: str = USER) -> None:
        self._port = Port()
        self.url = f"http://127.0.0.1:{self._port.number}/v1.0"
        self.store = Store(owner)
        self.graph = Graph(self.store, self.url)
        self.token = "token-1"
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self._server: _Http | None = None
        self._turning = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._port.release()

    def start(self) -> None:
        """Listen, with the mail that was there."""
        with self._turning:
            self._server = _Http(("127.0.0.1", self._port.number), self)
            threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Be gone, as in a power cut: open connections too."""
        with self._turning:
            if self._server is not None:
                self._server.shutdown()
                self._server.server_close()
                self._server.hang_up()
                self._server = None

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        body: str | Json = "",
        *,
        times: int = 1,
        headers: Mapping[str, str] | None = None,
        performed: bool = False,
        cut: bool = False,
        after: int = 0,
    ) -> None:
        """Let the next ``times`` requests fail whose path ends as the pattern says."""
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.faults.append(Fault(method, path, times, status, content, dict(headers or {}), performed, cut, after))

    def written(self) -> list[Request]:
        """The requests that were no GET."""
        return [each for each in self.requests if each.method != "GET"]

    def answer(self, request: Request) -> tuple[Answer, Fault | None]:
        """What to say, and the fault that it comes with."""
        self.requests.append(request)
        fault = next((each for each in self.faults if _strikes(each, request)), None)
        if fault and fault.after:
            fault.after -= 1
            fault = None
        if fault is None:
            return self._answer(request), None
        fault.times -= 1
        answer = self._answer(request) if fault.performed or fault.cut else None
        return (answer if answer and fault.cut else Answer(fault.status, fault.body)), fault

    def _answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return refused(401, "InvalidAuthenticationToken")  # graph/errors
        asked = Asked(
            method=request.method,
            path=request.path,
            query=request.query,
            prefer=request.headers.get("prefer", ""),
            body=request.body,
        )
        try:
            return self.graph.answer(asked)
        except Answer as no:
            return no


def _strikes(fault: Fault, request: Request) -> bool:
    return (
        fault.times > 0
        and fault.method in ("*", request.method)
        and re.search(fault.path + r"\Z", request.path) is not None
    )


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], owner: GraphServer) -> None:
        self.owner = owner
        self._links: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._links.add(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        for link in self._links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for the acknowledgement of its own header
    server: _Http

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_DELETE = do_PUT = do_GET  # noqa: N815 - the same

    def log_message(self, *_: object) -> None:
        """Quiet: the requests are recorded."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(parts.path).removeprefix("/v1.0"),
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=json.loads(raw) if raw else None,
        )
        answer, fault = self.server.owner.answer(request)
        if answer.status == HANG_UP:
            self.close_connection = True
            return
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in (fault.headers if fault else {}).items():
            self.send_header(name, value)
        if not (fault and "Content-Type" in fault.headers):
            self.send_header("Content-Type", "text/plain" if isinstance(answer.body, bytes) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault and fault.cut:
            body, self.close_connection = body[: len(body) // 2], True
        with contextlib.suppress(OSError):
            self.wfile.write(body)
