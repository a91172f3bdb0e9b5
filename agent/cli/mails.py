"""Mails in files, folders, Maildirs and mbox files, one after the other, in an order that is always the same."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from agent.cli import clock
from connectors.message.parse import MESSAGE_LIMIT

_POSTMARK = re.compile(rb"From \S*.*\d{1,2}:\d\d")
"""The line that begins a mail in an mbox file (RFC 4155): a sender and a date in the form of asctime(3)."""

_QUOTED = re.compile(rb">+From ")

_LINE_LIMIT = 64 * 1024

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, kw_only=True)
class Found:
    """One mail in a file, or why there is none. ``raw`` is cut at ``MESSAGE_LIMIT``, as the parser does."""

    path: str
    raw: bytes = b""
    written: datetime = _EPOCH
    """When the file was last written: as near as a file comes to when the mail arrived."""
    error: str | None = None


def mails(paths: Iterable[Path]) -> Iterator[Found]:
    """Every mail of the paths in their order, folders by name; ``-`` is standard input. Memory: one mail."""
    for path in paths:
        if str(path) == "-":
            yield from _split(sys.stdin.buffer, "-", clock.now())
        elif path.is_dir():
            yield from _folder(path)
        else:
            yield from _file(path)


def _folder(folder: Path) -> Iterator[Found]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as unreadable:
        yield _failed(folder, unreadable)
        return
    if _is_maildir(folder):
        # Beside its three folders a Maildir holds the server's own files, and as subfolders other Maildirs.
        delivered = (entry for name in ("cur", "new") for entry in _files(folder / name))
        entries = [entry for entry in entries if entry.name not in ("cur", "new", "tmp") and entry.is_dir()]
        for entry in sorted(delivered, key=lambda entry: entry.name):
            yield from _file(entry)
    else:
        entries = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in entries:
        if not entry.is_dir():
            yield from _file(entry)
        elif not entry.is_symlink():  # a link may lead back up
            yield from _folder(entry)


def _is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def _files(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return [folder]  # reading it as a file then says why it cannot be read


def _file(path: Path) -> Iterator[Found]:
    try:
        if path.exists() and not path.is_file():
            yield Found(path=str(path), error="this is no ordinary file")  # reading a pipe would wait for ever
            return
        with path.open("rb") as file:
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            yield from _split(file, str(path), written)
    except (OSError, OverflowError, ValueError) as unreadable:
        yield _failed(path, unreadable)


def _failed(path: Path, reason: Exception) -> Found:
    why = reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
    return Found(path=str(path), error=f"this file cannot be read: {why}")


def _split(file: BinaryIO, path: str, written: datetime) -> Iterator[Found]:
    """The mails of an mbox file, or the one mail that the file is."""
    first = file.readline(_LINE_LIMIT)
    if not _POSTMARK.match(first):
        raw = first + file.read(MESSAGE_LIMIT)
        yield Found(path=path, raw=raw[:MESSAGE_LIMIT], written=written)
        return
    kept = bytearray()
    follows_blank = False
    starts_line = True
    while piece := file.readline(_LINE_LIMIT):
        if starts_line and follows_blank and _POSTMARK.match(piece):
            yield Found(path=path, raw=bytes(kept), written=written)
            kept.clear()
        elif len(kept) < MESSAGE_LIMIT:
            kept += piece[1:] if starts_line and _QUOTED.match(piece) else piece
        follows_blank = starts_line and piece in (b"\n", b"\r\n")
        starts_line = piece.endswith(b"\n")
    yield Found(path=path, raw=bytes(kept), written=written)
