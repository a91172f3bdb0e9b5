"""Signing in with a browser: a link to the provider, and one place on this machine where the answer comes in.

RFC 8252 7.3: the provider sends the browser back to a port on the loopback address, and PKCE (RFC 7636) makes what
comes there worthless to anybody else. The browser may run elsewhere: ssh carries the port.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from connectors.oauth.values import Asking
from connectors.port import Refused

WAIT = 600.0
"""Seconds that the user has; a password manager and a second factor may have to be found."""
USUAL_PORT = 47015
"""Without a browser here the port is always the same, so that it can be forwarded ahead; if taken, any other."""

_LONGEST_ANSWER = 16 * 1024
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Afterword</title>
<body style="font-family: sans-serif; margin: 4em auto; max-width: 30em"><p>{}</p></body></html>"""
_DONE = "Afterword has the answer. You can close this page; the terminal says how it went."
_NOTHING = "Nothing is to be seen here."


class Callback:
    """The place where the browser comes back. Use it with ``with``."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.state = secrets.token_urlsafe(24)
        """Goes out with the link and has to come back (RFC 6749 10.12)."""
        self._answer: dict[str, str] | None = None
        self._server = self._listening()
        self.port: int = self._server.server_port

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.server_close()

    def answer_to(self, link: str) -> dict[str, str]:
        """Send the user to the link and give what the provider answers; it may be an ``error``.

        Raises ``Refused`` when nobody comes in time.
        """
        self._show(link)
        end = time.monotonic() + WAIT
        while self._answer is None:
            self._server.timeout = end - time.monotonic()
            if self._server.timeout <= 0:
                raise Refused(f"nobody signed in within {WAIT / 60:.0f} minutes; start again when you are ready")
            self._server.handle_request()
        return self._answer

    def _show(self, link: str) -> None:
        if self._asking.visit is not None:
            # Some browsers come back only when they are closed.
            threading.Thread(target=self._asking.visit, args=[link], daemon=True, name="browser").start()
            self._asking.say("Your browser opens. If it does not, open this link in it:")
            self._asking.say(link)
            return
        self._asking.say("Open this link in a browser on this machine:")
        self._asking.say(link)
        self._asking.say("If the browser is on another machine, run this there first, with this machine's name in it:")
        self._asking.say(f"ssh -L {self.port}:127.0.0.1:{self.port} HOST")

    def _listening(self) -> HTTPServer:
        if self._asking.visit is None:
            try:
                return _Server(USUAL_PORT, self._came)
            except OSError:
                pass  # taken; the hint names the one it is
        return _Server(0, self._came)

    def _came(self, answer: str) -> bool:
        """Whether that visit brought the answer; whoever else looks in, a port scanner say, does not end the wait."""
        try:
            given = dict(parse_qsl(answer, max_num_fields=20))
        except ValueError:
            return False
        ours = secrets.compare_digest(given.get("state", "").encode(), self.state.encode())
        if not ours or not ({"code", "error"} & set(given)):
            return False
        self._answer = given
        return True


class _Server(HTTPServer):
    allow_reuse_address = os.name == "posix"  # on Windows it would let another program listen at the same port

    def __init__(self, port: int, came: Callable[[str], bool]) -> None:
        self.came = came
        super().__init__(("127.0.0.1", port), _Visitor)

    def server_bind(self) -> None:
        """Without the look-up of this machine's name that HTTPServer does: it can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """A visitor that breaks off is no trouble of ours."""


class _Visitor(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5.0  # a browser that connects ahead and says nothing must not stand in the way

    def do_GET(self) -> None:
        self._take(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """The form of ``response_mode=form_post`` (OAuth 2.0 Form Post Response Mode 2)."""
        length = self.headers.get("Content-Length", "")
        known = length.isascii() and length.isdigit() and int(length) <= _LONGEST_ANSWER
        self._take(self.rfile.read(int(length)).decode("ascii", "replace") if known else "")

    def _take(self, answer: str) -> None:
        came = self.server.came(answer)
        page = _PAGE.format(_DONE if came else _NOTHING).encode()
        self.send_response(200 if came else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nothing is logged: the path may hold the code."""
