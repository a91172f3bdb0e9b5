"""Older mail for a case. The server narrows it down, the match itself is made here (``connectors.message.match``):
servers search headers each in their own way, and some not at all.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from imapclient.datetime_util import format_criteria_date

from connectors.imap.failures import SaysNo
from connectors.imap.reading import Reader
from connectors.imap.session import Session, Text
from connectors.message import Message, MessageKey
from connectors.message.fields import message_id
from connectors.message.match import Matcher
from connectors.port import Query

CANDIDATES = 1000
"""Messages of one folder whose headers are looked at, the newest first."""
_KEYS = 24
"""Search keys in one command; together they stay well below the 8,000 bytes that servers must take."""
_WINDOW = 50
"""Messages whose text is held at a time."""

Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Hit:
    arrived: datetime
    folder: str
    uid: int


def since_day(when: datetime) -> str:
    """The day for SINCE: servers compare days of their own time zone (RFC 9051 6.4.4), so one day earlier."""
    return str(format_criteria_date(when - timedelta(days=1)), "ascii")


def search(session: Session, reader: Reader, folders: Sequence[str], query: Query) -> Iterator[Message]:
    """The matches in these folders, newest first; of several copies the one in the first folder."""
    matches = Matcher(query)
    hits: dict[MessageKey, _Hit] = {}
    for folder in folders:
        session.examine(folder)
        for found in reader.headers(folder, _candidates(session, query)):
            message = found.message
            if matches(message) and "\\draft" not in found.flags:
                hits.setdefault(message.key, _Hit(arrived=message.arrived, folder=folder, uid=found.uid))
    newest = sorted(hits.values(), key=lambda hit: hit.arrived, reverse=True)[: query.limit]
    for start in range(0, len(newest), _WINDOW):
        yield from _texts(session, reader, newest[start : start + _WINDOW])


def _texts(session: Session, reader: Reader, hits: Sequence[_Hit]) -> list[Message]:
    by_folder = defaultdict(list)
    for hit in hits:
        by_folder[hit.folder].append(hit.uid)
    messages: list[Message] = []
    for folder, uids in by_folder.items():
        session.examine(folder)
        found, _ = reader.read(folder, sorted(uids))
        messages += [each.message for each in found]
    return sorted(messages, key=lambda message: message.arrived, reverse=True)


def _candidates(session: Session, query: Query) -> list[int]:
    """Messages that may match. Where the server's search is not to be relied on, all the newest ones may."""
    since = ("SINCE", since_day(query.since))
    uids: set[int] = set()
    blind = False
    for keys in _groups(query):
        blind = blind or not all(key[-1].isascii() for key in keys)  # many servers do not decode what they search
        try:
            uids.update(session.search(*since, *_any_of(keys)))
        except SaysNo:
            blind = True
    if blind:
        uids.update(session.search(*since)[-CANDIDATES:])
    return sorted(uids)[-CANDIDATES:]


def _groups(query: Query) -> Iterator[Sequence[Key]]:
    """Search keys by what may be refused with them: nothing, another alphabet, header fields."""
    people = [Text(each.removeprefix("@")) for each in sorted(query.correspondents)]
    names = [Text(each) for each in sorted(query.names)]
    ids = [Text(each) for each in sorted(query.references) if message_id(each) == each]
    keys = [(field, person) for person in people for field in ("FROM", "TO", "CC")]
    keys += [(field, name) for name in names for field in ("SUBJECT", "FROM")]
    headers = [("HEADER", "REPLY-TO", person) for person in people]
    headers += [("HEADER", field, each) for each in ids for field in ("MESSAGE-ID", "REFERENCES", "IN-REPLY-TO")]
    for group in ([key for key in keys if key[-1].isascii()], [key for key in keys if not key[-1].isascii()], headers):
        good = [key for key in group if key[-1].isprintable() and key[-1].strip()]
        for start in range(0, len(good), _KEYS):
            yield good[start : start + _KEYS]


def _any_of(keys: Sequence[Key]) -> Key:
    """``OR a OR b c``: OR takes two keys (RFC 9051 6.4.4)."""
    *most, last = keys
    return (*(word for key in most for word in ("OR", *key)), *last)
