"""From UIDs to messages: structure first, then the text parts alone, so that an attachment costs nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.account import Account
from connectors.imap.failures import SaysNo
from connectors.imap.session import NotUnderstood, Row, Session
from connectors.imap.structure import Section, sections
from connectors.message import Message
from connectors.message.origin import from_user
from connectors.message.parse import TEXT_LIMIT, TextPart, parse, parse_parts
from connectors.port import SetAside, Unreadable

HEADER_LIMIT = 64 * 1024
"""Bytes of a header block that are fetched."""
_FIELDS = "MESSAGE-ID IN-REPLY-TO REFERENCES DATE FROM REPLY-TO TO CC SUBJECT"
_COMMON = ("FLAGS", "INTERNALDATE")
_HEAD = (*_COMMON, "BODYSTRUCTURE", f"BODY.PEEK[HEADER]<0.{HEADER_LIMIT}>")
_FIELDS_ONLY = (*_COMMON, f"BODY.PEEK[HEADER.FIELDS ({_FIELDS})]<0.{HEADER_LIMIT}>")
_WHOLE = (*_COMMON, f"BODY.PEEK[]<0.{TEXT_LIMIT}>")
_CHUNK = 100
"""UIDs in one command: its line stays well below the 8,000 bytes that servers must take (RFC 7162 4)."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One message as it lies in a folder; flags in lower case."""

    uid: int
    flags: frozenset[str]
    message: Message


class Reader:
    """Reads messages of the folder that is open in the session. ``sent`` is the folder of sent mail."""

    def __init__(self, session: Session, account: Account, sent: str | None) -> None:
        self._session = session
        self._account = account
        self._sent = sent

    def arrivals(self, uids: Sequence[int]) -> dict[int, datetime]:
        """When these messages came into the mailbox."""
        rows, _ = self._rows(uids, ("INTERNALDATE",))
        return {uid: _arrived(row) for uid, row in rows.items()}

    def headers(self, folder: str, uids: Sequence[int]) -> list[Found]:
        """The messages without their text, rising UIDs; what cannot be read is left out."""
        rows, _ = self._rows(uids, _FIELDS_ONLY)
        found, _ = _sorted_out(folder, rows, lambda uid: self._found(folder, uid, rows[uid], ()))
        return found

    def read(self, folder: str, uids: Sequence[int]) -> tuple[list[Found], list[SetAside]]:
        """The messages with their text, and those that cannot be read; those that are gone meanwhile are neither."""
        rows, odd = self._rows(uids, _HEAD)
        parts, incomplete = self._parts(rows)

        def one(uid: int) -> Found | None:
            whole = uid in odd or uid in incomplete
            return self._whole(folder, uid) if whole else self._found(folder, uid, rows[uid], parts[uid])

        return _sorted_out(folder, {*rows, *odd}, one)

    def _found(self, folder: str, uid: int, row: Row, parts: Iterable[TextPart]) -> Found:
        outgoing = folder == self._sent
        message = parse_parts(_answer(row, "BODY[HEADER"), parts, arrived=_arrived(row), outgoing=outgoing)
        return self._owned(uid, row, message)

    def _whole(self, folder: str, uid: int) -> Found | None:
        """A message whose structure the server tells wrongly or not at all: its beginning as it is."""
        rows, odd = self._rows([uid], _WHOLE)
        if uid in odd:
            raise Unreadable("the mail server cannot show it")
        if uid not in rows:
            return None
        row, outgoing = rows[uid], folder == self._sent
        return self._owned(uid, row, parse(_answer(row, "BODY[]"), arrived=_arrived(row), outgoing=outgoing))

    def _owned(self, uid: int, row: Row, message: Message) -> Found:
        if not message.outgoing and from_user(message, self._account):
            message = replace(message, outgoing=True)
        return Found(uid=uid, flags=_flags(row), message=message)

    def _parts(self, rows: dict[int, Row]) -> tuple[dict[int, list[TextPart]], set[int]]:
        """The text parts of each message; messages that want the same sections are asked for together."""
        wanted = {uid: sections(row.get(b"BODYSTRUCTURE")) for uid, row in rows.items()}
        alike = defaultdict(list)
        for uid, chosen in wanted.items():
            alike[tuple(section.item for section in chosen)].append(uid)
        parts: dict[int, list[TextPart]] = {uid: [] for uid in rows}
        incomplete: set[int] = set()
        for items, uids in alike.items():
            answers, odd = self._rows(uids, items) if items else ({}, set())
            incomplete |= odd
            for uid, row in answers.items():
                parts[uid] = [_text_part(section, row) for section in wanted[uid]]
        return parts, incomplete

    def _rows(self, uids: Sequence[int], items: Sequence[str]) -> tuple[dict[int, Row], set[int]]:
        """What FETCH gives, and the messages it gives no complete answer for. One bad message spoils no other."""
        rows: dict[int, Row] = {}
        odd: set[int] = set()
        for start in range(0, len(uids), _CHUNK):
            chunk = uids[start : start + _CHUNK]
            try:
                rows |= self._session.fetch(chunk, items)
            except (NotUnderstood, SaysNo):
                odd.update(*(self._one(uid, items, rows) for uid in chunk))
        odd |= {uid for uid, row in rows.items() if not _is_complete(row, items)}
        return {uid: row for uid, row in rows.items() if uid not in odd}, odd

    def _one(self, uid: int, items: Sequence[str], rows: dict[int, Row]) -> set[int]:
        """Fetch one message into ``rows``; give its UID back if that fails."""
        try:
            rows |= self._session.fetch([uid], items)
        except NotUnderstood:
            return {uid}
        except SaysNo:
            # A server that does not even tell its flags is in trouble itself: then it is not the message's fault.
            self._session.fetch([uid], ("FLAGS",))
            return {uid}
        return set()


def _sorted_out(
    folder: str, uids: Iterable[int], read: Callable[[int], Found | None]
) -> tuple[list[Found], list[SetAside]]:
    found, aside = [], []
    for uid in sorted(uids):
        try:
            one = read(uid)
        except Unreadable as reason:
            aside.append(SetAside(place=f"{folder}, UID {uid}", reason=str(reason)))
        else:
            found += [one] if one else []
    return found, aside


def _is_complete(row: Row, items: Sequence[str]) -> bool:
    """An unsolicited FETCH brings a row with other items than those asked for (RFC 9051 7.5.2)."""
    return all(any(key.startswith(_prefix(item)) for key in row) for item in items if item.startswith("BODY"))


def _prefix(item: str) -> bytes:
    """How the answer to an item begins: servers spell out a list of fields in their own way."""
    return item.replace(".PEEK", "").partition(" ")[0].partition("<")[0].encode()


def _answer(row: Row, prefix: str) -> bytes:
    value = next((value for key, value in row.items() if key.startswith(prefix.encode())), None)
    return value if isinstance(value, bytes) else b""


def _arrived(row: Row) -> datetime:
    """Without INTERNALDATE, which every server must have (RFC 9051 2.3.3), it came just now."""
    arrived = row.get(b"INTERNALDATE")
    return arrived if isinstance(arrived, datetime) and arrived.tzinfo else datetime.now(UTC)


def _flags(row: Row) -> frozenset[str]:
    flags = row.get(b"FLAGS")
    known = flags if isinstance(flags, tuple) else ()
    return frozenset(str(flag, "ascii", "replace").lower() for flag in known if isinstance(flag, bytes))


def _text_part(section: Section, row: Row) -> TextPart:
    content = _answer(row, f"BODY[{section.number}]")
    return TextPart(
        content_type=section.content_type,
        content=content,
        charset=section.charset,
        encoding=section.encoding,
        cut=len(content) >= section.wanted,
    )
