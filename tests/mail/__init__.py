"""Mail as it really comes: odd, broken and hostile, in bytes."""

from datetime import UTC, datetime

from connectors.message import Message
from connectors.message.parse import parse

ARRIVED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def read(raw: bytes, *, outgoing: bool = False) -> Message:
    """The mail as it would be read from a mailbox."""
    return parse(raw, arrived=ARRIVED, outgoing=outgoing)


def read_with(field: bytes) -> Message:
    """A mail with this header field, an otherwise ordinary one."""
    return read(b"X-First: 1\r\n" + field + b"\r\nX-Last: 1\r\n\r\nHello\r\n")
