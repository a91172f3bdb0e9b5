"""The socket under imaplib: TLS, the certificate's pin, an own read buffer, and the gate on everything that leaves.

imaplib invites overriding ``read``, ``readline`` and ``send``. Its own read buffer differs between Python 3.13 and 3.14
and cannot be asked what lies in it, which IDLE needs to know; this one can, and is the same on every version.
"""

import contextlib
import hashlib
import hmac
import imaplib
import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectors.imap.gate import Gate

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CONNECT_TIMEOUT = 15.0
"""Seconds for connecting, the TLS handshake and the greeting."""
READ_TIMEOUT = 60.0
"""Seconds without a byte after which the server counts as gone."""
LINE_LIMIT = 8_000_000
"""Bytes of one line: a SEARCH answer with a million UIDs. More is no mail server."""
LITERAL_LIMIT = 16_000_000
"""Bytes of one literal. We never ask for more than a few hundred thousand; more is no mail server."""
_CHUNK = 65_536


class Untrusted(Exception):
    """The server's certificate leads to no authority that is trusted here, or names another server."""


class WrongCertificate(Exception):
    """The server showed another certificate than the pinned one; ``found`` is its fingerprint."""

    def __init__(self, found: str) -> None:
        super().__init__("the certificate is not the pinned one")
        self.found = found


def fingerprint_of(link: ssl.SSLSocket) -> str:
    """The fingerprint of the server's own certificate, as the configuration writes it: ``sha256:`` and hex."""
    return "sha256:" + hashlib.sha256(link.getpeercert(binary_form=True) or b"").hexdigest()


class Wire(imaplib.IMAP4):
    """One connection. ``implicit`` starts with TLS; ``pin`` is the fingerprint its certificate must have."""

    def __init__(self, host: str, port: int, *, context: ssl.SSLContext, implicit: bool, pin: str | None) -> None:
        self.gate = Gate()
        self._received = bytearray()
        self._context = context
        self._implicit = implicit
        self._pin = pin
        super().__init__(host, port, CONNECT_TIMEOUT)
        self.sock.settimeout(READ_TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        link = socket.create_connection((self.host, self.port), timeout)
        _keep_alive(link)
        return self._protect(link) if self._implicit else link

    def start_tls(self) -> None:
        """STARTTLS. What came in the clear behind the answer is no part of the protected talk (RFC 9051 6.2.1, 11.1).

        Not imaplib's own: that one keeps the text it has already buffered, and reads it as if it were protected.
        """
        typ, _ = self._simple_command("STARTTLS")
        if typ != "OK":
            raise self.error("the server refuses STARTTLS")
        if self._received:
            raise self.abort("text in the clear ran ahead of TLS")
        self.sock = self._protect(self.sock)
        self._get_capabilities()

    def _protect(self, link: socket.socket) -> ssl.SSLSocket:
        try:
            protected = self._context.wrap_socket(link, server_hostname=self.host)
        except ssl.SSLCertVerificationError as doubt:
            link.close()
            raise Untrusted(doubt.verify_message or "it cannot be verified") from doubt
        except OSError:
            link.close()
            raise
        found = fingerprint_of(protected)
        if self._pin is not None and not hmac.compare_digest(found, self._pin):
            protected.close()
            raise WrongCertificate(found)
        return protected

    def _new_tag(self) -> bytes:
        self.gate.begin()
        tag: bytes = super()._new_tag()  # type: ignore[misc] # typeshed leaves imaplib's private methods out
        return tag

    def send(self, data: "ReadableBuffer") -> None:
        self.sock.sendall(self.gate.clear(bytes(data)))

    def readline(self) -> bytes:
        while (line := self.next_line()) is None:
            if not self._receive():
                return bytes(self._received)
        return line

    def read(self, size: int) -> bytes:
        if size > LITERAL_LIMIT:
            raise self.abort("a literal out of all proportion")
        while len(self._received) < size:
            if not self._receive():
                raise self.abort("socket error: EOF")
        return self._take(size)

    def next_line(self) -> bytes | None:
        """The next whole line that has already come, or None. Never waits."""
        end = self._received.find(b"\n")
        if end < 0 and len(self._received) > LINE_LIMIT:
            raise self.abort("a line out of all proportion")
        return self._take(end + 1) if end >= 0 else None

    def drain(self) -> None:
        """Take everything in that has come, TLS records included, without waiting. Raises ``abort`` at the end."""
        self.sock.settimeout(0)
        try:
            with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                while len(self._received) <= LINE_LIMIT:
                    if not self._receive():
                        raise self.abort("socket error: EOF")
        finally:
            self.sock.settimeout(READ_TIMEOUT)

    @contextlib.contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Meanwhile wait at most so long for each answer."""
        self.sock.settimeout(seconds)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                self.sock.settimeout(READ_TIMEOUT)

    def _receive(self) -> bool:
        chunk = self.sock.recv(_CHUNK)
        self._received += chunk
        return bool(chunk)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken


def _keep_alive(link: socket.socket) -> None:
    """A NAT that forgets the link, or a server that vanished, is noticed within two minutes."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for option, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, option):
            link.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
