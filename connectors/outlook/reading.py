"""From rows to messages: the mail itself as MIME, read up to where its attachments begin.

``/messages/{id}/$value`` (learn.microsoft.com/graph/outlook-get-mime-message) and not the JSON body: there an
invitation has lost its calendar part, and a text its plain twin.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from connectors.account import Account
from connectors.message import Message
from connectors.message.origin import from_user
from connectors.message.parse import TEXT_LIMIT, TextPart, parse
from connectors.outlook.failures import Missing, SaysNo
from connectors.outlook.items import arrived, moment, text
from connectors.outlook.service import Row, Service
from connectors.port import SetAside, Unreadable

LISTED = "id,receivedDateTime,conversationId,isDraft,hasAttachments"
"""The properties that ``Reader`` needs of a row."""
_MAIL_LIMIT = 3 * TEXT_LIMIT
"""Bytes of one mail: its two texts and an invitation."""
_ATTACHMENT = re.compile(rb"\ncontent-disposition:[ \t]*attachment", re.IGNORECASE)
_CALENDARS = 5
_CALENDAR_TYPES = ("text/calendar", "application/ics")


class Reader:
    """Reads messages, leaving them as they are: Graph marks nothing as read by a GET."""

    def __init__(self, service: Service, account: Account) -> None:
        self._service = service
        self._account = account

    def read(self, folder: str, rows: Sequence[Row], *, outgoing: bool) -> tuple[list[Message], list[SetAside]]:
        """The messages, and those that cannot be read; those that are gone meanwhile are neither."""
        found, aside = [], []
        for row in rows:
            try:
                found += self._one(row, outgoing=outgoing)
            except Unreadable as reason:
                aside.append(SetAside(place=f"{folder}, received {moment(arrived(row))}", reason=str(reason)))
        return found, aside

    def _one(self, row: Row, *, outgoing: bool) -> list[Message]:
        path = message_path(row)
        try:
            raw, cut = self._mail(path, has_attachments=row.get("hasAttachments") is True)
            calendars = self._calendars(path) if cut and row.get("hasAttachments") is True else ()
        except Missing:
            return []
        thread = text(row, "conversationId") or None
        message = parse(raw, arrived=arrived(row), outgoing=outgoing, thread=thread)
        own = message.outgoing or from_user(message, self._account)
        return [replace(message, outgoing=own, calendars=(message.calendars + calendars)[:_CALENDARS])]

    def _mail(self, path: str, *, has_attachments: bool) -> tuple[bytes, bool]:
        """Where Graph tells of attachments, reading ends at the first; else such a line is a word of the text."""
        try:
            raw, cut = self._service.raw(
                f"{path}/$value", limit=_MAIL_LIMIT, enough=_reaches_attachment if has_attachments else None
            )
        except SaysNo as no:
            if no.is_spoilt:
                raise Unreadable("Microsoft cannot show this message") from no
            raise
        found = _ATTACHMENT.search(raw) if has_attachments else None
        return (raw[: max(raw.rfind(b"\n--", 0, found.start()), 0)] if found else raw), cut

    def _calendars(self, path: str) -> tuple[str, ...]:
        """Invitations that were attached as files; no other attachment is downloaded."""
        listed = self._service.pages(
            f"{path}/attachments", {"$select": "id,name,contentType,size", "$top": "50"}, limit=50
        )
        wanted = [each for each in listed if _is_calendar(each)][:_CALENDARS]
        return tuple(self._calendar(path, each) for each in wanted)

    def _calendar(self, path: str, row: Row) -> str:
        raw, cut = self._service.raw(f"{path}/attachments/{_segment(row)}/$value", limit=TEXT_LIMIT)
        return TextPart(content_type="text/calendar", content=raw, charset="utf-8", cut=cut).decoded()


def message_path(row: Row) -> str:
    """The path of one message."""
    return f"/me/messages/{_segment(row)}"


def _segment(row: Row) -> str:
    own = text(row, "id")
    if not own or "/" in own:
        raise Unreadable("Microsoft gives no usable id for it")
    return quote(own, safe="")


def _reaches_attachment(read: bytes) -> bool:
    return _ATTACHMENT.search(read, max(len(read) - 20_000, 0)) is not None


def _is_calendar(row: Row) -> bool:
    size = row.get("size")
    kind = text(row, "contentType").partition(";")[0].strip().casefold()
    named = kind in _CALENDAR_TYPES or text(row, "name").casefold().endswith(".ics")
    return named and isinstance(size, int) and size <= TEXT_LIMIT
