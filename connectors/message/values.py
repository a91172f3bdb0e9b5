"""What one mail is, once parsed: frozen values in the words of RFC 5322."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

MessageId = NewType("MessageId", str)
"""A msg-id of RFC 5322 3.6.4, angle brackets included: ``<left@right>``. Only printable ASCII, no spaces."""

MessageKey = NewType("MessageKey", str)
"""How a message is known across accounts and folders: its Message-ID, else ``sha256:`` and a hash of its headers."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """A mailbox of RFC 5322 3.4: addr-spec and display name, both without line breaks."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """The part after the last @, in lower case."""
        return self.address.rpartition("@")[2].casefold()


@dataclass(frozen=True, kw_only=True)
class Message:
    """One mail, received or sent by the user. Text is decoded but as hostile as it came; nothing is cut but by size.

    ``arrived`` is when it came into this mailbox (INTERNALDATE, internalDate, receivedDateTime), ``date`` what its Date
    header claims. ``outgoing``: the user sent it. ``thread``: the provider's own thread or conversation, if any.
    ``headers`` are the others that matter for judging, lower-case names, in their order, capped.
    ``calendars`` are the ``text/calendar`` parts, decoded.
    """

    key: MessageKey
    message_id: MessageId | None
    in_reply_to: MessageId | None
    references: tuple[MessageId, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    arrived: datetime
    outgoing: bool
    text: str | None
    html: str | None
    calendars: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    thread: str | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, or None; the name in any letter case."""
        wanted = name.casefold()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def ancestors(self) -> tuple[MessageId, ...]:
        """References and In-Reply-To together, oldest first, each once: what this message answers."""
        chain = (*self.references, *((self.in_reply_to,) if self.in_reply_to else ()))
        return tuple(dict.fromkeys(chain))


@dataclass(frozen=True, kw_only=True)
class Parent:
    """The message a letter answers. ``references`` is the chain for the answer: the parent stands last in it."""

    message_id: MessageId
    references: tuple[MessageId, ...]
    thread: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter ready to be placed. At most one recipient; without one the mail client asks the user for it.

    ``text`` is plain text with ``\\n`` line ends and is written as it is; ``date`` is when it was composed.
    """

    message_id: MessageId
    sender: Address
    to: Address | None
    subject: str
    text: str
    date: datetime
    parent: Parent | None = None
