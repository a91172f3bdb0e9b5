"""What happened to a case: facts, never changed, from which the case is folded. Each names the table's trigger."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal, NewType

from agent.case.mail import Mail, Person
from agent.case.states import Trigger

CaseId = NewType("CaseId", str)
"""Short and typable: six letters and digits, as the user sees them in ``status``."""


class LetterKind(StrEnum):
    """What a letter is for."""

    REQUEST = "request"
    THANKS = "thanks"
    CLOSE = "close"
    ENQUIRY = "enquiry"


class Link(StrEnum):
    """Why a message was filed under its case, strongest first."""

    USER = "user"
    THREAD = "thread"
    CORRESPONDENT = "correspondent"
    REQUISITION = "requisition"
    POSITION = "position"
    EMPLOYER = "employer"
    OPENED = "opened"


@dataclass(frozen=True, kw_only=True)
class MailFiled:
    """A message belongs to this case. ``trigger`` is what it means *here*, refined by the case."""

    kind: Literal["mail"] = "mail"
    at: datetime
    mail: Mail
    trigger: Trigger
    link: Link


@dataclass(frozen=True, kw_only=True)
class Noted:
    """No letter for this news, and why: ``policy``, ``held`` (the brake), ``unsure``, ``old``, ``answered``,
    ``imported``; after a call ``asked`` (on the phone) or ``written`` (there was a request before)."""

    kind: Literal["noted"] = "noted"
    trigger: ClassVar[Trigger] = Trigger.NOTE
    at: datetime
    reason: str
    candidates: tuple[CaseId, ...] = ()
    """With ``unsure``: the cases it might belong to; their enquiries stop."""


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """The policy says that this employer is not to be written to."""

    kind: Literal["ignored"] = "ignored"
    trigger: ClassVar[Trigger] = Trigger.IGNORE
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LetterPromised:
    """A letter will be drafted. Its Message-ID is minted here, once, and never used for another."""

    kind: Literal["promised"] = "promised"
    at: datetime
    letter: LetterKind
    number: int
    message_id: str
    account: str
    series: int = 0
    """How many letters of this kind were promised before, to whomever: their wordings take turns."""

    @property
    def trigger(self) -> Trigger:
        if self.letter is LetterKind.REQUEST:
            return Trigger.PROMISE_REQUEST
        return Trigger.PROMISE_ENQUIRY if self.letter is LetterKind.ENQUIRY else Trigger.PROMISE_THANKS


@dataclass(frozen=True, kw_only=True)
class DraftPlaced:
    """The promised letter lies in Drafts."""

    kind: Literal["placed"] = "placed"
    trigger: ClassVar[Trigger] = Trigger.PLACED
    at: datetime
    ref: str
    to: Person | None
    found_by: str
    """How the correspondent was found, or why there is none; a word of ``agent.correspondents``."""
    parent: str | None
    """Message-ID of the message it answers; None for a fresh mail."""
    subject: str = ""
    asks: bool = False
    """The letter asks a question, so an answer may follow."""


@dataclass(frozen=True, kw_only=True)
class DraftEdited:
    """The user has written on the draft."""

    kind: Literal["edited"] = "edited"
    trigger: ClassVar[Trigger] = Trigger.EDITED
    at: datetime
    digest: str
    """SHA-256 of the text, so that the same edit is told once."""
    breaches: tuple[str, ...] = ()
    """Tone rules that the edited text breaks."""


@dataclass(frozen=True, kw_only=True)
class DraftMissed:
    """The draft lies in Drafts no more, and nothing was sent yet; believed after a grace time. Or it is back."""

    kind: Literal["missed"] = "missed"
    trigger: ClassVar[Trigger] = Trigger.MISSED
    at: datetime
    back: bool = False


@dataclass(frozen=True, kw_only=True)
class DraftSent:
    """The user sent the draft, or wrote on their own (``answered``). Answers are filed by the real Message-ID first."""

    kind: Literal["sent"] = "sent"
    at: datetime
    message_id: str | None
    thread: str | None = None
    to: tuple[str, ...] = ()
    answered: bool = False
    asks: bool = False

    @property
    def trigger(self) -> Trigger:
        if self.answered:
            return Trigger.ANSWERED
        return Trigger.SENT_WITH_QUESTION if self.asks else Trigger.SENT


@dataclass(frozen=True, kw_only=True)
class DraftDiscarded:
    """The user threw the draft away: a veto for this letter."""

    kind: Literal["discarded"] = "discarded"
    trigger: ClassVar[Trigger] = Trigger.DISCARDED
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Lapsed:
    """The time for this letter is over."""

    kind: Literal["lapsed"] = "lapsed"
    trigger: ClassVar[Trigger] = Trigger.LAPSE
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WaitEnded:
    """No answer came, and no closing letter is wanted."""

    kind: Literal["wait_ended"] = "wait_ended"
    trigger: ClassVar[Trigger] = Trigger.WAIT_END
    at: datetime


@dataclass(frozen=True, kw_only=True)
class UserAsked:
    """The user wants a letter (``afterword ask``)."""

    kind: Literal["asked"] = "asked"
    trigger: ClassVar[Trigger] = Trigger.ASK
    at: datetime


@dataclass(frozen=True, kw_only=True)
class UserClosed:
    """The user is done with it (``afterword close``)."""

    kind: Literal["user_closed"] = "user_closed"
    trigger: ClassVar[Trigger] = Trigger.CLOSE
    at: datetime


class Happening(StrEnum):
    """What did not come by mail."""

    CALL = "call"
    """The rejection by phone."""
    LETTER = "letter"
    """The rejection on paper."""
    INTERVIEW = "interview"


@dataclass(frozen=True, kw_only=True)
class Logged:
    """What did not come by mail, in the user's own words (``afterword log``).

    ``at`` is when it was written down, ``when`` when it happened (a letter: when it was read).
    """

    kind: Literal["logged"] = "logged"
    at: datetime
    what: str
    """A word of ``Happening``."""
    account: str = ""
    person: Person | None = None
    """Who called, signed or interviewed; an empty address when only the name is known."""
    note: str = ""
    when: datetime | None = None
    employer: str | None = None
    position: str | None = None
    language: str | None = None
    """What was spoken, as the user said it (ISO 639-1)."""
    asked: bool = False
    """Advice was asked for on the call, or given unasked: no request is wanted, and the note holds what was said."""

    @property
    def trigger(self) -> Trigger:
        return Trigger.LOG if self.what == Happening.INTERVIEW else Trigger.TOLD

    @property
    def happened(self) -> datetime:
        """When it was; when nothing was said about it, as it was written down."""
        return self.when or self.at

    @property
    def gave_feedback(self) -> bool:
        """The note is what the employer advised."""
        return self.what == Happening.CALL and self.asked and bool(self.note)


@dataclass(frozen=True, kw_only=True)
class MailMoved:
    """The user filed a message of this case elsewhere (``afterword file``)."""

    kind: Literal["moved"] = "moved"
    at: datetime
    key: str
    notice: bool
    """It was the notice: this application was not turned down by it."""

    @property
    def trigger(self) -> Trigger:
        return Trigger.MOVE_NOTICE if self.notice else Trigger.MOVE_MAIL


@dataclass(frozen=True, kw_only=True)
class Hindered:
    """A promise cannot be kept now; an empty ``reason`` says that it can again."""

    kind: Literal["hindered"] = "hindered"
    trigger: ClassVar[Trigger] = Trigger.HINDRANCE
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """The user was told, once, what ``what`` names."""

    kind: Literal["reminded"] = "reminded"
    trigger: ClassVar[Trigger] = Trigger.REMINDER
    at: datetime
    what: str


Event = (
    MailFiled
    | Noted
    | Ignored
    | LetterPromised
    | DraftPlaced
    | DraftEdited
    | DraftMissed
    | DraftSent
    | DraftDiscarded
    | Lapsed
    | WaitEnded
    | UserAsked
    | UserClosed
    | Logged
    | MailMoved
    | Hindered
    | Reminded
)
