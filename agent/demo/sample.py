"""A made-up mailbox of about thirty mails, and the hands that are not Afterword's: the user's and the employer's.

The mails are ``mails/*/*.eml`` with times relative to now: ``{{-6w 14:00}}`` is six working days ago at 14:00,
``{{-5h}}`` five hours ago; ``{{day -6w}}`` and ``{{ics -6w 14:00}}`` are the same for people and for calendars.
"""

import hashlib
import mailbox
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime, make_msgid, parsedate_to_datetime
from importlib.resources import files
from pathlib import Path

from connectors.message import Message
from connectors.message.parse import parse

_BLANK = re.compile(r"\{\{(?:(day|ics) )?([^}]+)\}\}")
_MOMENT = re.compile(r"([+-]\d+)([wh])(?: (\d\d):(\d\d))?")
_READ_AFTER = timedelta(days=1)
"""Older mail has been opened by the user; so both kinds are there."""


class Sample:
    """The mailbox as a tree of Maildirs. Methods are what people do with it, never what Afterword does."""

    def __init__(self, root: Path, now: datetime, zone: tzinfo) -> None:
        """Make the folders. Raises ``OSError``."""
        self._now, self._zone = now.astimezone(zone), zone
        self._inbox = mailbox.Maildir(root, create=True)
        self._sent = self._inbox.add_folder("Sent")
        self._drafts = self._inbox.add_folder("Drafts")
        self.root = root

    def fill(self) -> list[Message]:
        """Deliver the sample mails; what was delivered, in the order it came."""
        received = [self._deliver(raw) for raw in _templates("inbox")]
        sent = [self._keep_sent(raw) for raw in _templates("sent")]
        return sorted((*received, *sent), key=lambda message: message.arrived)

    def draft(self, message_id: str) -> Message | None:
        """The draft of that id, as it lies in Drafts."""
        key = self._key_of(message_id)
        return None if key is None else _parsed(self._drafts.get_bytes(key), self._now, outgoing=True)

    def send(self, message_id: str, at: datetime) -> Message:
        """The user sends a draft as Thunderbird does: a copy under a new id goes into Sent, the draft is removed."""
        key = self._key_of(message_id)
        if key is None:
            raise LookupError("there is no such draft")
        letter = self._drafts.get_message(key)
        for name, value in (("Message-ID", make_msgid(domain="example.org")), ("Date", format_datetime(at))):
            letter.replace_header(name, value)
        letter.set_date(at.timestamp())
        letter.set_flags("S")
        self._sent.add(letter)
        self._drafts.remove(key)
        return _parsed(letter.as_bytes(), at, outgoing=True)

    def answer(self, sent: Message, at: datetime) -> Message:
        """The employer's answer to that letter arrives."""
        chain = " ".join(["", *sent.ancestors, sent.message_id or ""]).strip()
        blanks = {"later": format_datetime(at), "answered": str(sent.message_id), "references": chain}
        [raw] = _templates("later")
        return self._deliver(raw, blanks)

    def fingerprints(self) -> dict[str, str]:
        """Every mail outside Drafts: its place, name and flags, and a hash of its bytes."""
        found = (path for path in self.root.rglob("*") if path.is_file() and path.parent.name in ("cur", "new"))
        return {
            str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in found
            if ".Drafts" not in path.parts
        }

    def lying_in_drafts(self) -> int:
        """How many drafts there are."""
        return len(self._drafts)

    def _deliver(self, raw: str, blanks: Mapping[str, str] | None = None) -> Message:
        one = self._filled(raw, blanks or {})
        if one.at < self._now - _READ_AFTER:
            one.mail.set_subdir("cur")
            one.mail.set_flags("S")
        self._inbox.add(one.mail)
        return _parsed(one.raw, one.at, outgoing=False)

    def _keep_sent(self, raw: str) -> Message:
        one = self._filled(raw, {})
        one.mail.set_subdir("cur")
        one.mail.set_flags("S")
        self._sent.add(one.mail)
        return _parsed(one.raw, one.at, outgoing=True)

    def _filled(self, template: str, blanks: Mapping[str, str]) -> "_Filled":
        def fill(blank: re.Match[str]) -> str:
            form, text = blank.groups()
            return blanks[text] if text in blanks else _written(self._moment(text), form)

        raw = _BLANK.sub(fill, template).encode()
        mail = mailbox.MaildirMessage(raw)
        at = parsedate_to_datetime(str(mail["Date"]))
        mail.set_date(at.timestamp())
        return _Filled(raw=raw, mail=mail, at=at)

    def _moment(self, text: str) -> datetime:
        found = _MOMENT.fullmatch(text)
        if found is None:
            raise ValueError(f"this is no moment: {text}")
        number, unit, hour, minute = found.groups()
        if unit == "h":
            return (self._now + timedelta(hours=int(number))).replace(microsecond=0)
        day = _working_day(self._now, int(number))
        return day.replace(hour=int(hour or 12), minute=int(minute or 0), second=0, microsecond=0)

    def _key_of(self, message_id: str) -> str | None:
        found = (key for key in self._drafts.iterkeys() if self._drafts.get_message(key)["Message-ID"] == message_id)
        return next(found, None)


@dataclass(frozen=True, kw_only=True)
class _Filled:
    raw: bytes
    mail: mailbox.MaildirMessage
    at: datetime


def _templates(folder: str) -> list[str]:
    found = sorted((files(__package__) / "mails" / folder).iterdir(), key=lambda each: each.name)
    return [each.read_text(encoding="utf-8") for each in found]


def _working_day(start: datetime, number: int) -> datetime:
    step = timedelta(days=1 if number > 0 else -1)
    day = start
    while number:
        day += step
        if day.weekday() < 5:
            number -= 1 if number > 0 else -1
    return day


def _written(moment: datetime, form: str | None) -> str:
    match form:
        case "day":
            return f"{moment:%A} {moment.day} {moment:%B}"
        case "ics":
            return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        case _:
            return format_datetime(moment)


def _parsed(raw: bytes, at: datetime, *, outgoing: bool) -> Message:
    return parse(raw, arrived=at, outgoing=outgoing)
