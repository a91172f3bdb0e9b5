"""What the case says about the letter to be written: its situation, its language, how people address each other."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from agent.case import Case, Fate, Letter, LetterKind, Mail
from agent.correspondents import Correspondent, FoundBy
from agent.letters.agencies import is_agency
from agent.letters.form import Fact, Register
from rules.known import Known
from rules.verdict import Flag, Meaning

MAX_AGE = timedelta(days=180)
"""An interview longer ago is not mentioned by its date."""

_BY_WORD = ("call", "letter")
"""What the user logs as the news itself, told by that person."""

_NOTHING = Known()


def situation(
    case: Case, letter: Letter, correspondent: Correspondent, *, answer_is: Fact | None = None, known: Known = _NOTHING
) -> frozenset[Fact]:
    """Everything that holds. ``answer_is``: unclear, or substantial, or neither."""
    notice, answer = case.notice, case.answer
    said = frozenset(notice.flags) if notice else frozenset[str]()
    told = _told_the_news(case, correspondent)
    holds = {
        Fact.INTERVIEWED: case.stage == "interviewed",
        Fact.ELSEWHERE: not (correspondent.direct or told),
        Fact.FILLED: notice is not None and notice.meaning == Meaning.FILLED,
        Fact.FEEDBACK_OFFERED: Flag.FEEDBACK_OFFERED in said,
        Fact.FEEDBACK_RULED_OUT: Flag.FEEDBACK_RULED_OUT in said,
        Fact.DECLINED: answer is not None and answer.meaning == Meaning.FEEDBACK_DECLINED,
        Fact.UNCLEAR: answer_is is Fact.UNCLEAR and not _asked_for_example(case, letter),
        Fact.SUBSTANTIAL: answer_is is Fact.SUBSTANTIAL,
        Fact.LOGGED: notice is None and bool(told),
        Fact.CALLED: notice is None and "call" in told,
        Fact.AGENCY: is_agency(correspondent.person, case.employer, known),
        Fact.AGAIN: letter.kind is LetterKind.ENQUIRY and _sent(case, LetterKind.ENQUIRY) is not None,
    }
    return frozenset(fact for fact, held in holds.items() if held)


def language(case: Case, parent: Mail | None, known: frozenset[str]) -> str:
    """The parent's language, else the notice's, else that of the call or paper letter, else the last mail's, of those
    that have letters; else English."""
    written = [mail.language for mail in (parent, case.notice) if mail]
    spoken = [entry.language for entry in reversed(case.logged)]
    others = [mail.language for mail in _telling(case, parent)]
    return next((each for each in (*written, *spoken, *others) if each and each in known), "en")


def register(case: Case, parent: Mail | None) -> Register:
    """How the parent addresses the user, else the notice, else the last mail that tells; else formally."""
    for mail in _telling(case, parent):
        formal, informal = Flag.FORMAL in mail.flags, Flag.INFORMAL in mail.flags
        if formal != informal:
            return Register.FORMAL if formal else Register.INFORMAL
    return Register.FORMAL


def interview_day(case: Case, before: datetime, zone: tzinfo) -> date | None:
    """The day of the last interview held before this moment, in the user's time zone, if a calendar part tells.

    The newest mail with an interview in the past tells, since it may have moved an earlier one.
    """
    for mail in sorted(case.mails, key=lambda each: each.arrived, reverse=True):
        days = [day for meeting in mail.meetings if (day := _day(meeting.start, before, zone))]
        if days:
            return max(days)
    return None


def _day(start: str, before: datetime, zone: tzinfo) -> date | None:
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        return None
    try:
        moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.date() if timedelta() < before - moment < MAX_AGE else None
    except OverflowError:
        return None


def _telling(case: Case, parent: Mail | None) -> Iterator[Mail]:
    """The mails in the order in which they are asked for language and form of address."""
    yield from (mail for mail in (parent, case.notice) if mail)
    yield from sorted((mail for mail in case.mails if not mail.outgoing), key=lambda each: each.arrived, reverse=True)


def _told_the_news(case: Case, correspondent: Correspondent) -> frozenset[str]:
    """How the correspondent told it, other than by mail."""
    if correspondent.found_by is not FoundBy.LOGGED or correspondent.person is None:
        return frozenset()
    address = correspondent.person.address.casefold()
    told = (entry for entry in case.logged if entry.what in _BY_WORD and entry.person)
    return frozenset(entry.what for entry in told if entry.person and entry.person.address.casefold() == address)


def _sent(case: Case, kind: LetterKind) -> Letter | None:
    sent = (each for each in case.letters if each.kind is kind and each.fate in (Fate.SENT, Fate.ANSWERED))
    return next(sent, None)


def _asked_for_example(case: Case, letter: Letter) -> bool:
    """Whether an earlier thank-you asked already: once for each application."""
    earlier = (each for each in case.letters if each.kind is LetterKind.THANKS and each.number != letter.number)
    return any(each.asks and each.fate in (Fate.SENT, Fate.ANSWERED) for each in earlier)
