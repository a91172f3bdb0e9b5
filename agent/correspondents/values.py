"""Who a letter goes to and how that person was found, in the words of ``status`` and ``show``."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from agent.case import Mail, Person


class FoundBy(StrEnum):
    """How the correspondent was found, or why there is none."""

    REPLY_TO = "reply_to"
    SENDER = "sender"
    LOGGED = "logged"
    THREAD = "thread"
    ORGANIZER = "organizer"
    ATTENDEE = "attendee"
    INVITER = "inviter"
    SIGNATURE = "signature"
    EARLIER_LETTER = "earlier_letter"
    FOREIGN_REPLY_TO = "foreign_reply_to"
    DMARC_FAILED = "dmarc_failed"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class Correspondent:
    """Whom a letter goes to. Without a ``person`` the draft has no recipient and the mail client will ask for one.

    ``parent`` is the message the letter answers; None: it is a fresh mail.
    """

    person: Person | None
    found_by: FoundBy
    parent: Mail | None

    @property
    def direct(self) -> bool:
        """The letter answers the very message it is about, not somebody who may not have seen it."""
        return self.found_by in _DIRECT


class Owner(Protocol):
    """Whoever knows which addresses are the user's own; ``Account`` does."""

    def owns(self, address: str, /) -> bool:
        """Whether the address is one of the user's own."""
        ...


_DIRECT = frozenset({FoundBy.REPLY_TO, FoundBy.SENDER, FoundBy.FOREIGN_REPLY_TO, FoundBy.DMARC_FAILED})

_SENTENCES: Mapping[str, str] = {
    FoundBy.REPLY_TO: "The message asks for answers to this address.",
    FoundBy.SENDER: "This person sent the message it answers.",
    FoundBy.LOGGED: "You named this person yourself.",
    FoundBy.THREAD: "This person wrote last in the mails about your interview.",
    FoundBy.ORGANIZER: "This person invited you to the interview in the calendar.",
    FoundBy.ATTENDEE: "This person was invited to your interview in the calendar.",
    FoundBy.INVITER: "This person's mail invited you to the interview.",
    FoundBy.SIGNATURE: "This address stands in the message itself.",
    FoundBy.EARLIER_LETTER: "Your earlier letter went to this address.",
    FoundBy.FOREIGN_REPLY_TO: (
        "No recipient: the message came from one domain and wants its answers sent to another. "
        "If you know both to be the employer's, fill in the address yourself."
    ),
    FoundBy.DMARC_FAILED: (
        "No recipient: your mail server could not confirm that the message really came from its sender (DMARC failed). "
        "If you know it to be genuine, fill in the address yourself."
    ),
    FoundBy.NOBODY: (
        "No recipient: the message came from an address that nobody reads, and no person of this employer is known. "
        "Fill in an address if you have one."
    ),
}


def explain(found_by: str) -> str:
    """A sentence for the user on how the correspondent was found, or why there is none."""
    return _SENTENCES.get(found_by, "")
