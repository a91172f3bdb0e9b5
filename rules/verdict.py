"""What one mail says by itself, and which words say so."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Meaning(StrEnum):
    """What a message says. Exactly one for each message."""

    REJECTION = "rejection"
    FILLED = "filled"
    """The position is filled or cancelled; nothing is said about the candidate."""
    ON_HOLD = "on_hold"
    WITHDRAWN = "withdrawn"
    """By the candidate."""
    REVERSED = "reversed"
    """By the employer: an earlier decision or offer is taken back."""
    INTERVIEW = "interview"
    OFFER = "offer"
    RECEIPT = "receipt"
    ASSESSMENT = "assessment"
    QUESTION = "question"
    FEEDBACK = "feedback"
    FEEDBACK_DECLINED = "feedback_declined"
    OUT_OF_OFFICE = "out_of_office"
    BOUNCE = "bounce"
    NONE = "none"


class Stage(StrEnum):
    """How far the application had come, as the mail shows."""

    INTERVIEWED = "interviewed"
    APPLIED = "applied"
    UNKNOWN = "unknown"


class Flag(StrEnum):
    """What else a mail says that changes the letter or the recipient."""

    FEEDBACK_OFFERED = "feedback_offered"
    FEEDBACK_RULED_OUT = "feedback_ruled_out"
    TALENT_POOL = "talent_pool"
    UNMONITORED = "unmonitored"
    AUTOMATED = "automated"
    FORMAL = "formal"
    INFORMAL = "informal"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One rule that hit: its name (``pack/rule``) and the mail's own words."""

    rule: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A calendar part (RFC 5545) about the user: when, who organises, who else comes."""

    start: str
    """ISO 8601, as far as the part says: a date-time with offset, or a date."""
    method: str
    organizer: str | None
    organizer_name: str = ""
    attendees: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What ``judge`` found. Every field but ``meaning`` may be unknown; unknown is better than guessed."""

    meaning: Meaning
    stage: Stage = Stage.UNKNOWN
    language: str | None = None
    flags: frozenset[Flag] = frozenset()
    employer: str | None = None
    position: str | None = None
    requisition: str | None = None
    answer_by: date | None = None
    """The day until which the employer says it will write."""
    evidence: tuple[Evidence, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    signature_addresses: tuple[str, ...] = ()
    """Addresses that stand in the mail's own newest text or signature, each valid."""
    phones: tuple[str, ...] = ()
    """Telephone numbers that stand there, as they are written; no fax."""
    interview_words: tuple[Evidence, ...] = ()
    """The words that speak of an interview already held, whatever the meaning."""
