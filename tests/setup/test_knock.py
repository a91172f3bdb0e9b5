"""Who answers at the door: real servers, and some that are none."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from agent.setup import knock as knocking
from agent.setup.knock import Answer, knock, knock_at
from agent.setup.values import Server
from connectors.account import Tls
from tests.servers import Port
from tests.servers.dovecot import Dovecot


@contextmanager
def listener(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """One connection after the other, each served in this way."""
    door = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                link, _ = door.accept()
            except OSError:
                return
            with link:
                try:
                    serve(link)
                except OSError:
                    continue

    threading.Thread(target=run, daemon=True).start()
    try:
        yield door.getsockname()[1]
    finally:
        door.close()


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knocking, "PATIENCE", 1.0)


def test_a_real_server() -> None:
    """In the clear, with STARTTLS, with TLS; its certificate comes from nobody known, and is shown."""
    with Dovecot(tls=True) as server:
        assert server.certificates is not None
        host = "127.0.0.1"
        plain = knock(Server(host=host, port=server.port, tls=Tls.NONE))
        starttls = knock(Server(host=host, port=server.port, tls=Tls.STARTTLS))
        implicit = knock(Server(host=host, port=server.tls_port))
        wrong = knock(Server(host=host, port=server.tls_port, tls=Tls.STARTTLS))
        shown = server.certificates.fingerprint
    assert plain.answer is Answer.IMAP
    assert [each.answer for each in (starttls, implicit)] == [Answer.UNTRUSTED] * 2
    assert {each.fingerprint for each in (starttls, implicit)} == {shown}
    assert wrong.answer is Answer.SILENT


def test_a_trusted_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    with Dovecot(tls=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
        for port, tls in ((server.port, Tls.STARTTLS), (server.tls_port, Tls.IMPLICIT)):
            assert knock(Server(host="localhost", port=port, tls=tls)).answer is Answer.IMAP


def test_nobody_there() -> None:
    port = Port()
    try:
        assert knock(Server(host="127.0.0.1", port=port.number)).answer is Answer.CLOSED
    finally:
        port.release()
    assert knock(Server(host="no-such-host.invalid")).answer is Answer.UNKNOWN
    assert knock(Server(host="a" * 70 + ".example")).answer is Answer.UNKNOWN


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n", b"220 mail ESMTP\r\n", b"", b"\x00" * 8000])
def test_somebody_else(greeting: bytes) -> None:
    with listener(lambda link: link.sendall(greeting)) as port:
        for tls in Tls:
            assert knock(Server(host="127.0.0.1", port=port, tls=tls)).answer in (Answer.OTHER, Answer.CLOSED)


def test_no_starttls_although_it_was_promised() -> None:
    """Nothing is said in the clear after a refusal."""
    heard: list[bytes] = []

    def refuse(link: socket.socket) -> None:
        link.sendall(b"* OK hello\r\n")
        heard.append(link.recv(100))
        link.sendall(b"a BAD no\r\n")
        heard.append(link.recv(100))

    with listener(refuse) as port:
        assert knock(Server(host="127.0.0.1", port=port, tls=Tls.STARTTLS)).answer is Answer.OTHER
        time.sleep(0.1)
    assert heard == [b"a STARTTLS\r\n", b""]


def test_a_drip() -> None:
    """A byte now and then, for ever: it counts as silent in bounded time."""

    def drip(link: socket.socket) -> None:
        while True:
            link.sendall(b"*")
            time.sleep(0.3)

    with listener(drip) as port:
        begun = time.monotonic()
        [found] = knock_at([Server(host="127.0.0.1", port=port, tls=Tls.NONE)])
        assert found.answer is Answer.SILENT
        assert time.monotonic() - begun < 4
