"""Bytes to ``Message``: of a whole mail (``parse``), or of a header block and chosen parts (``parse_parts``).

A mail is whatever somebody sent: broken, cut, lying about its charset, or built to stop its reader. Whatever can be
read of it is read, in bounded time and memory; only something without a single header field is ``Unreadable``.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from connectors.message import fields as rfc
from connectors.message.fields import Fields
from connectors.message.structure import MESSAGE_LIMIT, TEXT_LIMIT, TextPart, is_read, split_header, text_parts
from connectors.message.values import Message, MessageId, MessageKey
from connectors.port import Unreadable

__all__ = ["MESSAGE_LIMIT", "TEXT_LIMIT", "TextPart", "is_read", "parse", "parse_parts"]

KEPT_HEADERS = frozenset(
    {
        "authentication-results",
        "auto-submitted",
        "content-type",
        "feedback-id",
        "list-id",
        "list-post",
        "list-unsubscribe",
        "mail-reply-to",
        "organization",
        "precedence",
        "received-spf",
        "return-path",
        "x-auto-response-suppress",
        "x-autoreply",
        "x-autorespond",
        "x-failed-recipients",
        "x-mailer",
    }
)
_KEPT_LIMIT = 50
_CALENDARS_LIMIT = 5


def parse(raw: bytes, *, arrived: datetime, outgoing: bool, thread: str | None = None) -> Message:
    """A whole mail; of a bigger one than ``MESSAGE_LIMIT`` its beginning.

    Raises ``Unreadable`` when it has no header field at all.
    """
    raw = raw[:MESSAGE_LIMIT].lstrip(b"\r\n")
    return parse_parts(split_header(raw), text_parts(raw), arrived=arrived, outgoing=outgoing, thread=thread)


def parse_parts(
    header: bytes, parts: Iterable[TextPart], *, arrived: datetime, outgoing: bool, thread: str | None = None
) -> Message:
    """A mail of which only the header block and some parts were fetched, in their order; see ``is_read`` for which.

    Raises ``Unreadable`` when the block has no header field at all.
    """
    found = rfc.split_fields(header)
    if not found.pairs:
        raise Unreadable("this is no mail: it has no header")
    texts = _texts(parts)
    own_id = rfc.message_id(found.first("message-id"))
    return Message(
        key=_key(own_id, found),
        message_id=own_id,
        in_reply_to=rfc.message_id(found.first("in-reply-to")),
        references=rfc.message_ids(found.first("references")),
        sender=rfc.sender(found.first("from")),
        reply_to=rfc.addresses(found.first("reply-to")),
        to=rfc.addresses(found.first("to")),
        cc=rfc.addresses(found.first("cc")),
        subject=rfc.clean(rfc.decode_words(found.first("subject"))),
        date=rfc.date(found.first("date")),
        arrived=arrived,
        outgoing=outgoing,
        text=_joined(texts["text/plain"]),
        html=_joined(texts["text/html"]),
        calendars=tuple(each[:TEXT_LIMIT] for each in texts["text/calendar"][:_CALENDARS_LIMIT]),
        headers=_kept(found),
        thread=thread,
    )


def _texts(parts: Iterable[TextPart]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": [], "text/calendar": []}
    for part in parts:
        if part.content_type in texts:
            texts[part.content_type].append(part.decoded())
    return texts


def _joined(texts: list[str]) -> str | None:
    return "\n".join(texts)[:TEXT_LIMIT] if texts else None


def _kept(found: Fields) -> tuple[tuple[str, str], ...]:
    kept = [(name, rfc.clean(rfc.decode_words(value))) for name, value in found.pairs if name in KEPT_HEADERS]
    return tuple(kept[:_KEPT_LIMIT])


def _key(own_id: MessageId | None, found: Fields) -> MessageKey:
    """The Message-ID, else a hash of what every copy of the mail has in common, however its header lines are folded."""
    if own_id:
        return MessageKey(own_id)
    common = [" ".join(found.first(name).split()) for name in ("from", "date", "subject", "to")]
    if not any(common):
        common = [f"{name}:{' '.join(value.split())}" for name, value in found.pairs]
    return MessageKey("sha256:" + hashlib.sha256("\n".join(common).encode()).hexdigest())
