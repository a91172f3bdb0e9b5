"""When a wait ends: the 24 hours, reminders outside quiet hours, working days. All of it in wall-clock time.

Every function takes and gives aware datetimes; days, weekends and quiet hours are the user's (``Clock.timezone``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays

from agent.case import Case, Fate, Happening, LetterKind, State
from agent.config.settings import Clock, FollowUp, Quiet

KEEP_FOR = timedelta(days=7)
"""A letter that was not sent a week after its occasion is no longer worth sending: memories fade."""

PATIENCE = timedelta(days=30)
"""After this long without an answer a case ends by itself when no closing letter is wanted."""

MAX_ENQUIRIES = 2

AFTER_PROMISE = 2
"""Working days after the day an answer was promised for: people write a day late."""

_NOON = time(12)

_AWAY = "out_of_office"

_FARTHEST = timedelta(days=400)
"""An appointment farther from its mail is a mistake, and may be one on purpose."""


def deadline(case: Case, clock: Clock) -> datetime | None:
    """When the time to ask is over: ``ask_within`` after the news came. None without any."""
    # In UTC: 24 hours are 24 hours, also on the day the clocks change.
    return case.turned_down.astimezone(UTC) + clock.ask_within if case.turned_down else None


def lapses(case: Case) -> datetime | None:
    """When the promised or drafted letter is given up."""
    letter = case.letter
    if letter is None:
        return None
    if letter.kind is LetterKind.REQUEST and case.turned_down:
        # `afterword ask` on an old notice starts a new week.
        return max(case.turned_down, letter.promised) + KEEP_FOR
    return letter.promised + KEEP_FOR


def reminders(case: Case, clock: Clock) -> Iterator[tuple[str, datetime]]:
    """The reminders of a drafted request: a name that is told once, and when, earliest first.

    One that would fall into quiet hours comes at the last moment before them.
    """
    end = deadline(case, clock)
    if end is None:
        return
    for ahead in sorted(clock.remind_before, reverse=True):
        yield f"{_hours(ahead)} left", before_quiet(end - ahead, clock)


def before_quiet(moment: datetime, clock: Clock) -> datetime:
    """The moment itself, or the last one before the quiet hours that it falls into."""
    quiet = clock.quiet
    if quiet is None or not is_quiet(moment, clock):
        return moment
    local = moment.astimezone(clock.timezone)
    day = local.date() if local.time() >= quiet.start else local.date() - timedelta(days=1)
    return datetime.combine(day, quiet.start, tzinfo=clock.timezone) - timedelta(minutes=1)


def is_quiet(moment: datetime, clock: Clock) -> bool:
    """Whether the user wants to be left alone now."""
    return clock.quiet is not None and _within(moment.astimezone(clock.timezone).time(), clock.quiet)


def after_working_days(start: datetime, days: int, clock: Clock) -> datetime:
    """The same time of day, that many working days later; weekends and the country's public holidays do not count."""
    local = start.astimezone(clock.timezone)
    day = local.date()
    while days > 0:
        day += timedelta(days=1)
        if _is_working_day(day, clock.country):
            days -= 1
    return datetime.combine(day, local.time(), tzinfo=clock.timezone)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What comes next by time alone, unless mail comes first. ``letter``: what is drafted; None: the case ends."""

    at: datetime
    letter: LetterKind | None


def next_step(case: Case, follow_up: FollowUp, clock: Clock) -> Step | None:
    """What follows when nobody writes: a closing letter, an enquiry, or the end. None: nothing does."""
    if case.state is State.AWAITING_FEEDBACK and (end := wait_ends(case, follow_up, clock)):
        closing = follow_up.close_after is not None and case.letters[-1].kind is LetterKind.REQUEST
        return Step(at=end, letter=LetterKind.CLOSE if closing else None)
    if case.state is State.INTERVIEWED and (end := silence_ends(case, follow_up, clock)):
        return Step(at=end, letter=LetterKind.ENQUIRY)
    return None


def wait_ends(case: Case, follow_up: FollowUp, clock: Clock) -> datetime | None:
    """When the wait for an answer to the letter last sent is over; None when none was sent.

    It begins anew with every sign of life: an absence, and again when it ends, a question, the user's own word, a talk
    agreed on; and it lasts at least as long as an answer was promised for.
    """
    letter = case.letter
    if letter is None or letter.settled is None:
        return None
    signs = [letter.settled, *(mail.arrived for mail in case.mails), *_returns(case, clock)]
    talks = [start for start in meetings(case) if start < letter.settled + PATIENCE]
    if follow_up.close_after is None:
        return max([*signs, *talks]) + PATIENCE
    end = after_working_days(max([*signs, *talks]), follow_up.close_after, clock)
    promised = _promised(case, letter.settled, clock)
    return max(end, promised) if promised else end


def silence_ends(case: Case, follow_up: FollowUp, clock: Clock) -> datetime | None:
    """When an enquiry about the timeline is due after an interview; None: never.

    Two working days after the day an answer was promised for; without one ``enquire_after`` working days after the
    last interview, letter or mail. At most two, none after the user threw one away, none ahead of another interview.
    """
    written = [letter for letter in case.letters if letter.kind is LetterKind.ENQUIRY]
    vetoed = any(letter.fate is Fate.DISCARDED for letter in written)
    held = [mail.arrived for mail in case.interviews] + meetings(case)
    held += [entry.happened for entry in case.logged if entry.what == Happening.INTERVIEW]
    if follow_up.enquire_after is None or len(written) >= MAX_ENQUIRIES or vetoed or not held:
        return None
    asked = [letter.settled or letter.promised + KEEP_FOR for letter in written]
    start = max([*held, *asked, *(mail.arrived for mail in case.mails), *_returns(case, clock)])
    return _promised(case, start, clock) or after_working_days(start, follow_up.enquire_after, clock)


def _promised(case: Case, start: datetime, clock: Clock) -> datetime | None:
    """When the employer's last promise of an answer is broken, if it was for a day after ``start``."""
    received = sorted((mail for mail in case.mails if not mail.outgoing), key=lambda mail: mail.arrived, reverse=True)
    day = next((mail.answer_by for mail in received if mail.answer_by and mail.meaning != _AWAY), None)
    if day is None:
        return None
    noon = datetime.combine(day, _NOON, tzinfo=clock.timezone)
    return after_working_days(noon, AFTER_PROMISE, clock) if noon > start else None


def _returns(case: Case, clock: Clock) -> list[datetime]:
    """When those who were away are back, as their automatic answers say."""
    days = [mail.answer_by for mail in case.mails if mail.answer_by and mail.meaning == _AWAY]
    return [datetime.combine(day, _NOON, tzinfo=clock.timezone) for day in days]


def meetings(case: Case) -> list[datetime]:
    """When the interviews of a case are, as its calendar parts say; a whole day is no moment."""
    starts = ((meeting.start, mail.arrived) for mail in case.mails for meeting in mail.meetings)
    moments = ((_moment(start), arrived) for start, arrived in starts)
    return [moment for moment, arrived in moments if moment and abs(moment - arrived) < _FARTHEST]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _is_working_day(day: date, country: str | None) -> bool:
    """Weekends are the country's own: Friday and Saturday in Israel, say."""
    return day.weekday() < 5 if country is None else _holidays(country).is_working_day(day)


@lru_cache(maxsize=8)
def _holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def _within(moment: time, quiet: Quiet) -> bool:
    if quiet.start <= quiet.end:
        return quiet.start <= moment < quiet.end
    return moment >= quiet.start or moment < quiet.end


def _hours(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
