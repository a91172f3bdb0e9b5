"""What a lesson is made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.case import CaseId
from rules.load import Theme


class Kind(StrEnum):
    """What a point is to the user."""

    WORK = "work"
    """Something to work on."""
    STRENGTH = "strength"
    """Something to keep."""
    PROTECTED = "protected"
    """It touches what the law keeps out of such decisions: no lesson, and the user is told so."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point of a text. ``quote`` is the text's own words, on one line; empty for a protected ground."""

    kind: Kind
    quote: str
    themes: tuple[Theme, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A point, and where it comes from. ``source`` names the mail or the logged call, so that each counts once."""

    kind: Kind
    quote: str
    themes: tuple[Theme, ...]
    case: CaseId
    employer: str | None
    position: str | None
    at: datetime
    who: str
    """The name of the person who said it, or their address; empty when nobody is known."""
    spoken: bool
    """The user wrote it down after a call; else it came by mail."""
    source: str

    @property
    def house(self) -> str:
        """Whose word it is: two cases at one employer are one voice, a case without an employer is its own."""
        return " ".join(self.employer.casefold().split()) if self.employer else f"case {self.case}"


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A feedback that touches a protected ground. What it says is not repeated."""

    case: CaseId
    employer: str | None
    at: datetime
