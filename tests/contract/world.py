"""The other hands on a mailbox: the sender's and the user's. Each kind of server implements them its own way."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Protocol

from connectors.account import Account
from connectors.message import Message
from connectors.port import Cursor, Mailbox


class World(Protocol):
    """What happens around a mailbox while Afterword watches it, through a second connection (or the bare files)."""

    account: Account

    def open(self) -> AbstractContextManager[Mailbox]:
        """Open the connector under test on this world's account."""
        ...

    # The sender's and the server's hands ------------------------------------------------------------------------

    def deliver(self, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        """A mail arrives, unseen; ``arrived`` sets the server's own time (INTERNALDATE, mtime), default now."""
        ...

    def forget_cursors(self) -> None:
        """The server loses its numbering (UIDVALIDITY changes); the messages stay."""
        ...

    def stop(self) -> None:
        """The server is gone: nothing answers until ``start``."""
        ...

    def start(self) -> None:
        """The server is back, with the mail it had."""
        ...

    # The user's hands, in their mail client ----------------------------------------------------------------------

    def read_inbox(self) -> None:
        """The user reads every mail of INBOX: it is marked seen, where it lies."""
        ...

    def send(self, raw: bytes) -> None:
        """The user sends a mail: a copy lands in Sent, seen."""
        ...

    def send_draft(self, *, message_id: str) -> None:
        """The user sends the only draft as Thunderbird does: a copy with a new Message-ID in Sent, the draft gone."""
        ...

    def edit_draft(self, text: str, *, message_id: str) -> None:
        """The user rewrites the only draft: new text, new Message-ID, new UID; In-Reply-To and References survive;
        the old copy is gone, and the flags are the client's own."""
        ...

    def discard_draft(self) -> None:
        """The user deletes the only draft: it lies in Trash."""
        ...

    # What can be seen afterwards ---------------------------------------------------------------------------------

    def drafts(self) -> list[bytes]:
        """Every message in Drafts, as it lies there."""
        ...

    def draft_flags(self) -> list[frozenset[str]]:
        """The flags of every message in Drafts, in the same order: ``Draft``, ``Seen``, ..."""
        ...

    def unseen(self) -> int:
        """How many messages of INBOX are unseen."""
        ...

    def count(self) -> int:
        """How many messages lie in all folders together: nothing may vanish."""
        ...


def read_all(mailbox: Mailbox, *, not_before: datetime) -> list[Message]:
    """All messages from the beginning, without their cursors."""
    return [message for batch in mailbox.changes(None, not_before=not_before) for message in batch.messages]


def keys(messages: Iterable[Message]) -> list[str]:
    """How the messages are known, in their order."""
    return [message.key for message in messages]


def keys_since(mailbox: Mailbox, cursor: Cursor) -> list[str]:
    """How the messages that came after the cursor are known."""
    batches = mailbox.changes(cursor, not_before=datetime.now(UTC))
    return [key for batch in batches for key in keys(batch.messages)]
