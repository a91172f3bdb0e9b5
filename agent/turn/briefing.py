"""Before an interview: one alert with the two or three things that earlier feedback taught."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from agent.alerts import Alert, AlertKind
from agent.case import Case, State
from agent.case.events import Reminded
from agent.config.settings import Clock
from agent.lessons import Counted, Kind, Lessons, counted, focus, gather, title_of
from agent.timetable import before_quiet, is_quiet, meetings
from agent.turn.given import Given

AHEAD = timedelta(hours=24)
"""There is an evening left to prepare, and the interview is near enough to do it."""

_OPEN = (State.APPLIED, State.INTERVIEWED, State.ENQUIRY_DUE, State.ENQUIRY_DRAFTED)


def brief(given: Given) -> None:
    """Tell what to keep in mind, once for each interview that a calendar part names. Silent without lessons."""
    with given.journal.reading() as reader:
        near = [(case, start) for case in reader.cases(*_OPEN) if given.is_mine(case) for start in _near(case, given)]
        cases = reader.cases() if near else []
    if not near:
        return
    lessons = gather(cases, given.books.rules)
    themes = focus(lessons.points)
    if not themes:
        return
    for case, start in near:
        if _note(given, case, start):
            given.tell(_alert(case, start, themes, lessons, given.settings.clock))


def when(start: datetime, clock: Clock) -> datetime:
    """When an interview is told: a day before it, ahead of quiet hours."""
    return before_quiet(start - AHEAD, clock)


def _near(case: Case, given: Given) -> list[datetime]:
    """The interviews that are to be told now."""
    clock = given.settings.clock
    if is_quiet(given.now, clock):
        return []
    return [
        start
        for start in sorted(set(meetings(case)))
        if when(start, clock) <= given.now < start and _name(start) not in case.reminded
    ]


def _name(start: datetime) -> str:
    return f"interview {start.isoformat(timespec='minutes')}"


def _note(given: Given, case: Case, start: datetime) -> bool:
    """Write down that it is told, first; False when somebody was faster."""
    with given.journal.writing() as writer:
        fresh = writer.case(case.id)
        if fresh is None or fresh.state not in _OPEN or _name(start) in fresh.reminded:
            return False
        writer.append(fresh, Reminded(at=given.now, what=_name(start)))
    return True


def _alert(case: Case, start: datetime, themes: Sequence[Counted], lessons: Lessons, clock: Clock) -> Alert:
    """Names of themes only: a screen may be seen by others, and what was said stands in ``afterword lessons``."""
    local = start.astimezone(clock.timezone)
    whom = case.employer or "an employer"
    mind = ", ".join(_plain(one) for one in themes)
    strengths = [one for one in counted(lessons.points, Kind.STRENGTH) if one.theme is not None]
    keep = f" What others praised: {_plain(strengths[0])}." if strengths else ""
    return Alert(
        kind=AlertKind.INTERVIEW,
        case=case.id,
        title=f"Interview with {whom}, {local:%A} at {local:%H:%M}",
        sentence=f"Keep in mind: {mind}.{keep} In their own words: afterword lessons",
    )


def _plain(one: Counted) -> str:
    title = title_of(one.theme)
    return title if title.startswith("CV") else title[0].lower() + title[1:]
