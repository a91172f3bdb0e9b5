"""When a wait ends: the 24 hours, reminders outside quiet hours, working days. All of it in wall-clock time.

Every function takes and gives aware datetimes; days, weekends and quiet hours are the user's (``Clock.timezone``).
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from agent.case import Case, LetterKind
from agent.config.settings import Clock, Quiet

KEEP_FOR = timedelta(days=7)
"""A letter that was not sent a week after its occasion is no longer worth sending: memories fade."""

PATIENCE = timedelta(days=30)
"""After this long without an answer a case ends by itself when no closing letter is wanted."""

MAX_ENQUIRIES = 2


def deadline(case: Case, clock: Clock) -> datetime | None:
    """When the time to ask is over: the notice's arrival plus ``ask_within``. None without a notice."""
    return case.notice.arrived + clock.ask_within if case.notice else None


def lapses(case: Case) -> datetime | None:
    """When the promised or drafted letter is given up."""
    letter = case.letter
    if letter is None:
        return None
    if letter.kind is LetterKind.REQUEST and case.notice:
        # `afterword ask` on an old notice starts a new week.
        return max(case.notice.arrived, letter.promised) + KEEP_FOR
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


def meetings(case: Case) -> list[datetime]:
    """When the interviews of a case are, as its calendar parts say; a whole day is no moment."""
    starts = (meeting.start for mail in case.mails for meeting in mail.meetings)
    return [moment for start in starts if (moment := _moment(start))]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _is_working_day(day: date, country: str | None) -> bool:
    return day.weekday() < 5 and (country is None or day not in _holidays(country))


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
