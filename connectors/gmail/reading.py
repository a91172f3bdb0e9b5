"""From a message id to a message. Subject and snippet never decide: the whole text is read, attachments are not.

``format=full`` gives the MIME parts taken apart and undone from their transfer encoding; what is an attachment has only
an id in it (developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#Message.MessagePart).
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.account import Account
from connectors.gmail.answers import Answer, identity, inner, labels, number, rows, text
from connectors.gmail.failures import SaysNo
from connectors.gmail.session import Session
from connectors.message import Message
from connectors.message.encoding import from_base64
from connectors.message.fields import shielded, split_fields
from connectors.message.origin import from_user
from connectors.message.parse import MESSAGE_LIMIT, TEXT_LIMIT, TextPart, is_read, parse_parts
from connectors.message.structure import DEPTH_LIMIT, PARTS_LIMIT
from connectors.port import Unreadable

SENT = "SENT"
HEADER_FIELDS = ["Message-ID", "In-Reply-To", "References", "Date", "From", "Reply-To", "To", "Cc", "Subject"]
_REMEMBERED = 1000
_FETCHED_PARTS = 5
_YEAR_2200 = 7_258_118_400_000


@dataclass(frozen=True, kw_only=True)
class Found:
    """One message as it lies in the mailbox."""

    id: str
    labels: frozenset[str]
    message: Message


class Reader:
    """Reads messages of one account."""

    def __init__(self, session: Session, account: Account) -> None:
        self._session = session
        self._account = account
        self._heads: dict[str, Found] = {}

    def read(self, message_id: str) -> Found | None:
        """A message with its text; None when it is gone. Raises ``Unreadable``."""
        answer = self._get(message_id, format="full")
        if answer is None:
            return None
        return self._found(message_id, answer, self._parts(message_id, inner(answer, "payload")))

    def head(self, message_id: str) -> Found | None:
        """A message without its text; None when it is gone or cannot be read.

        Remembered: a message never changes, an edited draft is another message. Its labels may be old ones.
        """
        if message_id not in self._heads:
            try:
                answer = self._get(message_id, format="metadata", metadataHeaders=HEADER_FIELDS)
                if answer is None:
                    return None
                found = self._found(message_id, answer, ())
            except Unreadable:
                return None
            if len(self._heads) >= _REMEMBERED:
                self._heads.clear()
            self._heads[message_id] = found
        return self._heads[message_id]

    def _get(self, message_id: str, **how: object) -> Answer | None:
        try:
            return self._session.read(self._session.users.messages().get(userId="me", id=message_id, **how))
        except SaysNo as no:
            if no.status == 404:
                return None
            raise

    def _found(self, message_id: str, answer: Answer, parts: Iterable[TextPart]) -> Found:
        marked = labels(answer)
        message = parse_parts(
            _header(inner(answer, "payload")),
            parts,
            arrived=_arrived(answer),
            outgoing=SENT in marked,
            thread=identity(answer, "threadId") or None,
        )
        if not message.outgoing and from_user(message, self._account):
            message = replace(message, outgoing=True)
        return Found(id=message_id, labels=marked, message=message)

    def _parts(self, message_id: str, payload: Answer) -> Iterator[TextPart]:
        fetched = 0
        for leaf in _leaves(payload):
            part = split_fields(_header(leaf)).as_part("text/plain")
            kind = text(leaf, "mimeType").lower() or "text/plain"
            if not is_read(kind, shielded(part.get_content_disposition, None)):
                continue
            content, size = _inline(leaf)
            attachment = identity(inner(leaf, "body"), "attachmentId")
            if attachment and not content and fetched < _FETCHED_PARTS and _is_fetched(kind, leaf, size):
                fetched += 1
                content = self._attachment(message_id, attachment)
            yield TextPart(
                content_type=kind,
                content=content,
                charset=_charset(content, shielded(part.get_content_charset, None)),
                encoding="binary",
                cut=len(content) > TEXT_LIMIT or size > len(content),
            )

    def _attachment(self, message_id: str, attachment: str) -> bytes:
        attachments = self._session.users.messages().attachments()
        try:
            answer = self._session.read(attachments.get(userId="me", messageId=message_id, id=attachment))
        except SaysNo as no:
            if no.status == 404:
                return b""
            raise
        return _content(text(answer, "data"))


def _header(part: Answer) -> bytes:
    """The header block, as a mail has it. Google has unfolded it, and undone RFC 2047, which is UTF-8 then."""
    pairs = ((text(each, "name"), " ".join(text(each, "value").splitlines())) for each in rows(part, "headers"))
    return "".join(f"{name}: {value}\r\n" for name, value in pairs if name).encode("utf-8", "replace")


def _arrived(answer: Answer) -> datetime:
    """``internalDate``, milliseconds since 1970: when Google took the mail in, whatever its Date header claims."""
    milliseconds = number(answer, "internalDate")
    if milliseconds is None or milliseconds > _YEAR_2200:
        raise Unreadable("Google does not say when it arrived")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _leaves(payload: Answer) -> Iterator[Answer]:
    """The parts that are no multipart, in their order; a forwarded mail is one of them."""
    waiting = [(payload, 0)]
    for _ in range(PARTS_LIMIT):
        if not waiting:
            return
        part, depth = waiting.pop()
        if text(part, "mimeType").lower().startswith("multipart/"):
            waiting += [(child, depth + 1) for child in reversed(rows(part, "parts")) if depth < DEPTH_LIMIT]
        else:
            yield part


def _inline(leaf: Answer) -> tuple[bytes, int]:
    """What stands in the answer itself, a little more than is read of it, and how much there is."""
    body = inner(leaf, "body")
    return _content(text(body, "data")), number(body, "size") or 0


def _content(encoded: str) -> bytes:
    """Base64 of RFC 4648 5, as much of it as is read."""
    some = encoded[: TEXT_LIMIT * 4 // 3 + 8].encode("ascii", "replace")
    return from_base64(some.replace(b"-", b"+").replace(b"_", b"/"))


def _is_fetched(kind: str, leaf: Answer, size: int) -> bool:
    """Invitations have a file name and are read all the same; any other part with one is an attachment."""
    if kind == "text/calendar":
        return size <= TEXT_LIMIT
    return not text(leaf, "filename") and size <= MESSAGE_LIMIT


def _charset(content: bytes, declared: str | None) -> str | None:
    """UTF-8 if it is that: Google turns texts into it and leaves the header as it was. Else what the header says."""
    if content.isascii():
        return declared
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content[:TEXT_LIMIT])
    except UnicodeDecodeError:
        return declared
    return "utf-8"
