"""What a case keeps of a message, and the people in it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Words:
    """The rule that hit and the mail's own words."""

    rule: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody a letter could go to."""

    address: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A calendar part of a mail: the interview's time and people."""

    start: str
    organizer: Person | None = None
    attendees: tuple[Person, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What a case keeps of a message: who, when, which thread, what it means and which words say so. Not its text.

    ``reply_to`` is set only when the message has the header. ``human``: its sender's address reaches a person.
    ``warnings`` name what is wrong with the sender: ``foreign_reply_to``, ``dmarc_failed``.
    ``text`` is kept for feedback alone.
    """

    key: str
    message_id: str | None
    references: tuple[str, ...] = ()
    thread: str | None = None
    account: str
    sender: Person | None
    reply_to: Person | None = None
    recipients: tuple[str, ...] = ()
    subject: str = ""
    arrived: datetime
    outgoing: bool = False
    human: bool = False
    meaning: str
    stage: str = "unknown"
    language: str | None = None
    flags: tuple[str, ...] = ()
    employer: str | None = None
    position: str | None = None
    requisition: str | None = None
    answer_by: date | None = None
    """The day until which the employer says it will write; of an automatic answer, the day its writer is back."""
    evidence: tuple[Words, ...] = ()
    interview_words: tuple[Words, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    signature_addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    text: str | None = None
