"""One message file: read without a trace, written without a half."""

import contextlib
import itertools
import os
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from connectors.account import Account
from connectors.maildir.tree import COLON, Entry, Folder
from connectors.message import Message
from connectors.message import fields as rfc
from connectors.message.origin import from_user
from connectors.message.parse import MESSAGE_LIMIT, parse, parse_parts
from connectors.message.structure import split_header

_HEAD = 64 * 1024
_numbers = itertools.count()


def read_message(entry: Entry, account: Account, *, sent: bool) -> Message:
    """A whole message. Raises ``OSError`` and ``Unreadable``."""
    raw, modified = _read(entry, MESSAGE_LIMIT)
    message = parse(raw, arrived=arrival(raw, modified, sent=sent), outgoing=sent)
    return replace(message, outgoing=sent or from_user(message, account))


def read_head(entry: Entry, *, sent: bool) -> Message:
    """A message without its text. Raises ``OSError`` and ``Unreadable``."""
    raw, modified = _read(entry, _HEAD)
    return parse_parts(split_header(raw), (), arrived=arrival(raw, modified, sent=sent), outgoing=sent)


def arrived_at(entry: Entry, *, sent: bool) -> datetime:
    """When a message came into the mailbox. Raises ``OSError``."""
    raw, modified = _read(entry, _HEAD)
    return arrival(raw, modified, sent=sent)


def modified_at(entry: Entry) -> datetime:
    """No message came later than this. Raises ``OSError``."""
    return datetime.fromtimestamp(Path(entry.path).stat().st_mtime, UTC)


def arrival(raw: bytes, modified: datetime, *, sent: bool) -> datetime:
    """The earlier of the file's time and the topmost Received field, written by the receiving server.

    A folder that is synchronised anew gets new file times, and must not look like new mail. What the user sent was
    never received; there the Date is the user's own.
    """
    found = rfc.split_fields(split_header(raw.lstrip(b"\r\n")))
    stamp = found.first("date") if sent else found.first("received").rpartition(";")[2]
    return min(filter(None, (modified, rfc.date(stamp.strip()))))


def write_message(folder: Folder, raw: bytes, *, flags: str) -> None:
    """Write to ``tmp``, then move to ``cur``: a reader sees the whole message or none, also after a power cut.

    Raises ``OSError``, and then nothing is left behind.
    """
    name = _fresh_name()
    half = folder.path / "tmp" / name
    half.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(descriptor)
        half.rename(folder.path / "cur" / f"{name}{COLON}2,{flags}")
    except OSError:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise
    _sync_directory(folder.path / "cur")


def make_maildir(path: Path) -> Folder:
    """A new, empty Maildir. Raises ``OSError``."""
    for part in ("tmp", "new", "cur"):
        (path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.name.startswith("."):
        (path / "maildirfolder").touch()  # Maildir++: delivery agents tell a subfolder by it
    _sync_directory(path.parent)
    return Folder(path.name, path)


def _read(entry: Entry, limit: int) -> tuple[bytes, datetime]:
    with open(entry.path, "rb") as file:
        modified = os.fstat(file.fileno()).st_mtime
        return file.read(limit), datetime.fromtimestamp(modified, UTC)


def _fresh_name() -> str:
    host = socket.gethostname().replace("/", r"\057").replace(":", r"\072")
    now = time.time_ns()
    return f"{now // 10**9}.M{now % 10**9 // 1000}P{os.getpid()}Q{next(_numbers)}.{host}"


def _sync_directory(path: Path) -> None:
    if os.name == "nt":
        return  # directories cannot be opened there, and the file system journals renames itself
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_young(entry: Entry, not_before: datetime, *, sent: bool) -> bool:
    """Whether a message came at that time or later; one that cannot be looked at is read, and then set aside."""
    try:
        return modified_at(entry) >= not_before and arrived_at(entry, sent=sent) >= not_before
    except OSError:
        return True


def when_changed(entry: Entry) -> datetime:
    """What messages are sorted by; one that is gone meanwhile goes last."""
    try:
        return modified_at(entry)
    except OSError:
        return datetime.now(UTC)
