"""The one thing this connector writes: a draft, once.

A draft has an id of its own that stays while the message in it is replaced by another
(developers.google.com/workspace/gmail/api/guides/drafts). In Gmail's own pages an edit may change both, and Thunderbird
makes another draft; so the id is asked first, and then what lies in Drafts (``connectors.message.placed``).
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from connectors.gmail.answers import Answer, identity, inner, labels, rows
from connectors.gmail.failures import SaysNo
from connectors.gmail.reading import SENT, Reader
from connectors.gmail.session import Session
from connectors.message import Draft, Message
from connectors.message.placed import Placed
from connectors.message.serialise import as_bytes
from connectors.port import Changed, DraftRef, Gone, Refused, Unreadable, Untouched

LOOKED_AT = 100
"""How many messages of a label are looked at for a copy of a draft: 20 quota units each, and then remembered."""
NEWEST = 20
"""Drafts that are looked at whatever their date: the newest, for a search may not know what was made a second ago."""


@dataclass(frozen=True, kw_only=True)
class Lying:
    """A draft as Gmail knows it: its own id, and that of the message in it now; nothing when it is not known."""

    draft: str = ""
    message: str = ""


class Drafts:
    """The drafts of one account."""

    def __init__(self, session: Session, reader: Reader) -> None:
        self._session = session
        self._reader = reader

    def place(self, draft: Draft) -> DraftRef:
        """Look everywhere, then make it. After an unclear answer nothing is repeated here: the next call looks."""
        placed = Placed.of(draft)
        lying = self._lying(placed)
        if lying is None:
            lying = self._create(draft)
        return _write(placed, lying)

    def state(self, ref: DraftRef) -> Untouched | Changed | Gone:
        """What lies in Drafts now. The text is read only when another message is in the draft."""
        placed, known = _read(ref)
        now = self._now(known.draft) if known.draft else None
        if now and now.message == known.message:
            return Untouched()
        if now and (message := self._text(now.message)):
            # This is the draft, whatever the user made of its headers.
            return placed.state([replace(message, message_id=placed.message_id)])
        copies = (self._text(each.message) for each in self._copies(placed))
        return placed.state(message for message in copies if message)

    def _now(self, draft: str) -> Lying | None:
        """The draft with this id, if it is one still."""
        try:
            answer = self._session.read(self._session.users.drafts().get(userId="me", id=draft, format="minimal"))
        except SaysNo as no:
            if no.status in (400, 404):
                return None
            raise
        lying, gone = _lying(answer), labels(inner(answer, "message")) & {SENT, "TRASH"}
        return lying if lying.message and not gone else None

    def _text(self, message_id: str) -> Message | None:
        try:
            found = self._reader.read(message_id)
        except Unreadable:
            return None
        return found.message if found and not found.labels & {SENT, "TRASH"} else None

    def _lying(self, placed: Placed) -> Lying | None:
        """The draft, or what a mail client made of it, in Drafts, Sent or Trash: by its id, then by what it answers."""
        for copy in self._copies(placed):
            return copy
        by_id = self._messages(q=f"rfc822msgid:{placed.message_id.strip('<>')}", includeSpamTrash=True)
        after = f"after:{int(placed.since.timestamp())}"
        sent = self._messages(q=after, labelIds=[SENT])
        trash = self._messages(q=after, labelIds=["TRASH"], includeSpamTrash=True)
        elsewhere = (each for found in (by_id, sent, trash) for each in found)
        return next((Lying() for each in elsewhere if self._is_copy(placed, each)), None)

    def _copies(self, placed: Placed) -> Iterator[Lying]:
        """Copies in Drafts."""
        newest = self._drafts(maxResults=NEWEST)
        dated = self._drafts(maxResults=LOOKED_AT, q=f"after:{int(placed.since.timestamp())}")
        lying = {each.message: each for found in (dated, newest) for each in found}
        return (each for each in lying.values() if self._is_copy(placed, each.message))

    def _is_copy(self, placed: Placed, message_id: str) -> bool:
        head = self._reader.head(message_id)
        return head is not None and placed.is_copy(head.message)

    def _drafts(self, **how: object) -> list[Lying]:
        answer = self._session.read(self._session.users.drafts().list(userId="me", **how))
        return [found for each in rows(answer, "drafts") if (found := _lying(each)).message]

    def _messages(self, **how: object) -> Iterator[str]:
        """Asked when its turn comes: most often the turn never comes."""
        answer = self._session.read(self._session.users.messages().list(userId="me", maxResults=LOOKED_AT, **how))
        yield from (own for each in rows(answer, "messages") if (own := identity(each)))

    def _create(self, draft: Draft) -> Lying:
        raw = base64.urlsafe_b64encode(as_bytes(draft)).decode()
        thread = identity({"id": draft.parent.thread}) if draft.parent else ""
        try:
            if thread:
                try:
                    return self._create_with({"raw": raw, "threadId": thread})
                except SaysNo as no:
                    if no.status not in (400, 404):
                        raise
                    # The thread is gone, or was another account's: In-Reply-To and References still say where it goes.
            return self._create_with({"raw": raw})
        except SaysNo as no:
            raise Refused(
                f"Gmail takes no draft ({no.status} {no.reason}). Check in Gmail that the mailbox is not full "
                "and that you can save a draft there"
            ) from no

    def _create_with(self, message: Answer) -> Lying:
        return _lying(self._session.once(self._session.users.drafts().create(userId="me", body={"message": message})))


def _lying(answer: Answer) -> Lying:
    return Lying(draft=identity(answer), message=identity(inner(answer, "message")))


def _write(placed: Placed, lying: Lying) -> DraftRef:
    return DraftRef(json.dumps({**json.loads(placed.ref), "gmail": [lying.draft, lying.message]}))


def _read(ref: DraftRef) -> tuple[Placed, Lying]:
    """A draft that another connector placed has no id of Gmail's here, and is looked for."""
    placed = Placed.read(ref)
    draft, message = json.loads(ref).get("gmail", ("", ""))
    return placed, Lying(draft=draft, message=message)
