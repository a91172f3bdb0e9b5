"""One letter of a case, from its promise to what became of its draft."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.case.events import LetterKind
from agent.case.mail import Person


class Fate(StrEnum):
    """What became of a draft."""

    PENDING = "pending"
    EDITED = "edited"
    SENT = "sent"
    ANSWERED = "answered"
    DISCARDED = "discarded"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One promised letter and its draft. ``ref`` is None until it is placed."""

    kind: LetterKind
    number: int
    message_id: str
    account: str
    promised: datetime
    series: int = 0
    asked: bool = False
    """The user asked for it: what they had written on their own before does not stand in its way."""
    ref: str | None = None
    placed: datetime | None = None
    to: Person | None = None
    found_by: str = ""
    parent: str | None = None
    subject: str = ""
    asks: bool = False
    fate: Fate = Fate.PENDING
    edit_digest: str | None = None
    breaches: tuple[str, ...] = ()
    missed: datetime | None = None
    settled: datetime | None = None
    sent_id: str | None = None
    sent_thread: str | None = None
