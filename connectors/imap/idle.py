"""IDLE (RFC 2177): the server tells when mail comes, and a ``Wake`` ends the waiting.

imapclient's ``idle_check`` sleeps on the socket while a line already lies in the read buffer, and takes the end of the
stream for silence. This loop takes in what has come, then looks at it, and only then sleeps on the bare socket.
"""

import re
import selectors
import time

from connectors.imap.session import Session
from connectors.imap.wire import Wire
from connectors.port import Wake

CYCLE = 8 * 60.0
"""Seconds of one IDLE: routers forget silent links after about ten minutes, servers after thirty (RFC 2177 3)."""
POLL = 60.0
"""Seconds between two looks where the server has no IDLE."""
_ANSWER = 4.0
"""Seconds for the answer to DONE; more, and the link is as good as dead. Ending the daemon must not wait for it."""

_EXISTS = re.compile(rb"\* \d+ EXISTS\b", re.IGNORECASE)
_BYE = re.compile(rb"\* BYE\b", re.IGNORECASE)
_LITERAL = re.compile(rb"\{\d+\}\r\n\Z")


def sleep_in_idle(session: Session, seconds: float, wake: Wake) -> bool:
    """IDLE in the open folder; True when a message came. Anything odd is ``Unavailable``: the owner connects anew."""
    with session.speaking():
        return _Idle(session.wire).run(time.monotonic() + min(seconds, CYCLE), wake)


def sleep(session: Session, seconds: float, wake: Wake) -> None:
    """For servers without IDLE. Ends early when the server says anything, a farewell for instance."""
    with session.speaking():
        _sleep_on(session.wire, seconds, wake)


class _Idle:
    """One IDLE on one wire. Between ``+`` and DONE nothing else may be sent (RFC 2177 3)."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._tag = wire._new_tag()
        self._pushed = False

    def run(self, end: float, wake: Wake) -> bool:
        self._wire.send(self._tag + b" IDLE\r\n")
        self._read_until(b"+")
        self._hear_all()
        while not self._pushed and not wake.pending() and (left := end - time.monotonic()) > 0:
            _sleep_on(self._wire, left, wake)
            self._hear_all()
        self._wire.send(b"DONE\r\n")
        with self._wire.patience(_ANSWER):
            self._read_until(self._tag + b" OK")
        del self._wire.tagged_commands[self._tag]
        return self._pushed

    def _read_until(self, awaited: bytes) -> None:
        """Lines may run ahead of the awaited one: what was new before the server took up the IDLE, or since."""
        while not (line := self._wire.readline()).startswith(awaited):
            self._hear(line)

    def _hear_all(self) -> None:
        """Everything that has come: the kernel and TLS hold none of it back from the next look at the socket."""
        self._wire.drain()
        while (line := self._wire.next_line()) is not None:
            self._hear(line)

    def _hear(self, line: bytes) -> None:
        """One whole line. What ends without CRLF is the end of the stream."""
        if not (line.startswith(b"* ") and line.endswith(b"\r\n")) or _BYE.match(line) or _LITERAL.search(line):
            raise self._wire.abort("an answer that has no place in IDLE")
        self._pushed = self._pushed or _EXISTS.match(line) is not None


def _sleep_on(wire: Wire, seconds: float, wake: Wake) -> None:
    """Return when bytes come, when ``wake`` rings, or after so many seconds. What has come must be taken in before."""
    with selectors.DefaultSelector() as selector:
        selector.register(wire.sock, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        selector.select(seconds)
