"""Graph's JSON rows of messages, by what they say. Any field may be missing or of another type.

Properties: learn.microsoft.com/graph/api/resources/message; the others are MAPI's ([MS-OXPROPS]), which Graph gives as
``singleValueExtendedProperties``: the threading headers stand in ``internetMessageHeaders`` of received mail only.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict

from connectors.message import Address, Draft, Message, MessageKey
from connectors.message import fields as rfc
from connectors.outlook.service import Row

MARK = "String {6b1c5f2e-9d0a-4f57-8c3e-2a71d4b0e9f6} Name Letter"
"""Our own property on a draft; its value is the letter's Message-ID. Its name says nothing of Afterword: within one
organisation Exchange hands such properties on with the mail."""
IN_REPLY_TO = "String 0x1042"
REFERENCES = "String 0x1039"
_COMPOSED = "SystemTime 0x0039"
"""PidTagClientSubmitTime: the Date of a draft, until sending sets it anew ([MS-OXOMSG] 2.2.3.11)."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_SELECTED = (
    "id,conversationId,internetMessageId,subject,from,replyTo,toRecipients,ccRecipients,"
    "receivedDateTime,sentDateTime,lastModifiedDateTime,isDraft"
)
HEAD = {
    "$select": _SELECTED,
    "$expand": "singleValueExtendedProperties($filter="
    + " or ".join(f"id eq '{each}'" for each in (MARK, IN_REPLY_TO, REFERENCES))
    + ")",
}
"""What to ask for to know a message by its headers."""


class Recipient(TypedDict):
    """A person in Graph's JSON."""

    emailAddress: dict[str, str]


def text(row: Row, name: str) -> str:
    """A text field, or nothing."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def when(row: Row, name: str) -> datetime | None:
    """A time, always aware; one outside 1970..2199 is nonsense."""
    try:
        found = datetime.fromisoformat(text(row, name))
    except ValueError:
        return None
    if not 1970 <= found.year < 2200:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def arrived(row: Row) -> datetime:
    """When it came into the mailbox."""
    return when(row, "receivedDateTime") or when(row, "createdDateTime") or _LONG_AGO


def people(row: Row, name: str) -> tuple[Address, ...]:
    """The people of a field, one or many; what is no address of RFC 5322 is left out."""
    value = row.get(name)
    found = [_person(each) for each in (value if isinstance(value, list) else [value])]
    return tuple(each for each in found if each)


def odata_text(value: str) -> str:
    """A text literal in ``$filter`` (OData 4.01 URL Conventions 5.1.1.14.1)."""
    return "'" + value.replace("'", "''") + "'"


def moment(value: datetime) -> str:
    """A time in ``$filter``."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def header_message(row: Row) -> Message:
    """The message by its headers, without its text. One that bears our mark has the mark for its Message-ID.

    ``date``: when it was sent, or of a draft when it was last saved.
    """
    marks = _extended(row)
    own = rfc.message_id(marks.get(MARK.casefold(), "")) or rfc.message_id(text(row, "internetMessageId"))
    is_draft = row.get("isDraft") is True
    return Message(
        key=MessageKey(own or text(row, "id")),
        message_id=own,
        in_reply_to=rfc.message_id(marks.get(IN_REPLY_TO.casefold(), "")),
        references=rfc.message_ids(marks.get(REFERENCES.casefold(), "")),
        sender=next(iter(people(row, "from")), None),
        reply_to=people(row, "replyTo"),
        to=people(row, "toRecipients"),
        cc=people(row, "ccRecipients"),
        subject=rfc.clean(text(row, "subject")),
        date=when(row, "lastModifiedDateTime" if is_draft else "sentDateTime"),
        arrived=arrived(row),
        outgoing=False,
        text=None,
        html=None,
        thread=text(row, "conversationId") or None,
    )


def plain_row(draft: Draft) -> dict[str, object]:
    """What a draft needs, but for its body: subject, recipient, mark."""
    return {
        "subject": rfc.clean(draft.subject, 900),
        "toRecipients": recipients(draft),
        "singleValueExtendedProperties": _properties((MARK, draft.message_id)),
    }


def full_row(draft: Draft) -> dict[str, object]:
    """The same with all else that a complete reply has. Graph may mint an own Message-ID all the same: so the mark."""
    properties = [(MARK, draft.message_id), (_COMPOSED, moment(draft.date))]
    if draft.parent:
        chain = [each for each in draft.parent.references if each != draft.parent.message_id]
        properties += [
            (IN_REPLY_TO, draft.parent.message_id),
            (REFERENCES, " ".join([*chain, draft.parent.message_id])),
        ]
    return plain_row(draft) | {
        "from": _recipient(draft.sender),
        "internetMessageId": draft.message_id,
        "singleValueExtendedProperties": _properties(*properties),
    }


def recipients(draft: Draft) -> list[Recipient]:
    """Whom the draft goes to: one or nobody."""
    return [_recipient(draft.to)] if draft.to else []


def _properties(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"id": name, "value": value} for name, value in pairs]


def _recipient(who: Address) -> Recipient:
    name = rfc.clean(who.name, 256)
    return {"emailAddress": {"address": who.address} | ({"name": name} if name else {})}


def _person(value: object) -> Address | None:
    inner = value.get("emailAddress") if isinstance(value, dict) else None
    if not isinstance(inner, dict):
        return None
    found = rfc.sender(f"<{text(inner, 'address')[:400]}>")
    return replace(found, name=rfc.clean(text(inner, "name"), 256)) if found else None


def _extended(row: Row) -> dict[str, str]:
    """The extended properties by their ids in lower case: Graph writes them as it likes."""
    listed = row.get("singleValueExtendedProperties")
    rows = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {text(each, "id").casefold(): text(each, "value") for each in rows}
