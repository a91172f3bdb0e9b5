"""The door between Afterword and a mailbox. Short enough to write a connector from.

There is no ``send`` and no ``delete``: what must never happen has no method. The only verb that writes is
``place_draft``, and all it writes is a draft.

Words: RFC 5322 (messages), RFC 9051 (folders, flags), RFC 8621 (threads). All times are aware datetimes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType, Protocol

from connectors.message.values import Draft, Message

Cursor = NewType("Cursor", str)
"""How far a mailbox was read; opaque, journaled as it is."""

DraftRef = NewType("DraftRef", str)
"""Where a placed draft lies and how to know it again; opaque, journaled as it is."""


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """One message that could not be read. It is counted and skipped; the next one is read."""

    place: str
    """Folder and UID, file name or provider id: enough for the user to find it, no word of its text."""
    reason: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """One batch of messages and the cursor after it. Saved together with what was made of it, nothing is lost."""

    messages: tuple[Message, ...]
    cursor: Cursor
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Query:
    """Older mail that may belong to a case. A message matches when any of the three does.

    ``correspondents`` holds whole addresses (``jane@mail.example``) and domains (``@acme.example``, its subdomains
    included), looked for in From, Reply-To, To and Cc. ``names`` are words looked for in Subject and From.
    """

    since: datetime
    references: frozenset[str] = frozenset()
    correspondents: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    limit: int = 200


@dataclass(frozen=True)
class Untouched:
    """The draft lies there with the text it was placed with."""


@dataclass(frozen=True)
class Changed:
    """The draft lies there, and the user has written on it."""

    text: str


@dataclass(frozen=True)
class Gone:
    """The draft lies in Drafts no more: sent or thrown away. ``agent.fate`` tells which."""


class Wake(Protocol):
    """Ends a ``wait`` early from another thread."""

    def fileno(self) -> int:
        """A descriptor that is readable while the wake-up is pending (for ``select``)."""
        ...

    def pending(self) -> bool:
        """Whether somebody rang since the last ``clear``."""
        ...


class Mailbox(Protocol):
    """One account's mailbox. Not thread-safe: one thread, one mailbox."""

    def changes(self, since: Cursor | None, /, *, not_before: datetime) -> Iterator[Changes]:
        """Messages received, and messages sent by the user, that came after the cursor, in batches.

        Oldest first within a batch; every message is given once; messages stay unseen; memory is bounded by the batch.
        Without a cursor: those that arrived at ``not_before`` or later. ``not_before`` does not filter after a cursor.
        At least one batch is given, so that there is always a cursor to save.
        Raises ``CursorExpired`` before the first batch when the mailbox no longer knows the cursor.
        """
        ...

    def search(self, query: Query, /) -> Iterator[Message]:
        """Older mail from the watched folders, Sent and the archive, newest first, at most ``query.limit``."""
        ...

    def place_draft(self, draft: Draft, /) -> DraftRef:
        """Put the draft into Drafts, once: repeating it with the same ``message_id`` changes nothing.

        Looks into Drafts, Sent and Trash first, so that a draft that was placed, and then sent or thrown away
        before the answer came back, is not placed again. One open draft per thread: a draft in Drafts that already
        answers the same parent (a mail client may have saved ours under a new id) is taken as this one.
        Raises ``Refused`` when the folder does not take it; the mailbox stays usable.
        """
        ...

    def draft_now(self, ref: DraftRef, /) -> Untouched | Changed | Gone:
        """What lies in Drafts now. Follows a draft whose Message-ID and UID a mail client replaced when saving it."""
        ...

    def wait(self, timeout: timedelta, wake: Wake, /) -> None:
        """Return when mail may have come, when ``wake`` rings, or after ``timeout``, whichever is first."""
        ...


class Failure(Exception):
    """A failure by what to do about it. Its text is a sentence for the user: no address, no word of a mail."""


class Unavailable(Failure):
    """The mailbox cannot be reached or does not answer now. Pause, connect again, go on.

    ``rest``: the seconds for which the server asked to be left alone (RFC 9110 10.2.3), 0 when it did not ask.
    """

    def __init__(self, *sentence: str, rest: float = 0.0) -> None:
        self.rest = rest
        super().__init__(*sentence)


class Refused(Failure):
    """The mailbox says no: the user must act (wrong password, no such folder, no right to write)."""


class CursorExpired(Failure):
    """The mailbox forgot the cursor (UIDVALIDITY changed, history gone). Start again from a date."""


class Unreadable(Failure):
    """One message cannot be read. Set it aside, go on."""
