"""When waits end: quiet hours, working days, holidays, summer time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.case import Meeting
from agent.case.events import Logged
from agent.config.settings import Clock, Quiet
from agent.timetable import after_working_days, before_quiet, deadline, is_quiet, lapses, meetings, reminders
from tests.agent.facts import NOON, T, case_of, drafted, filed, hours, mail, promised, turned_down

LISBON = ZoneInfo("Europe/Lisbon")
NIGHT = Quiet(start=time(22), end=time(8))
CLOCK = Clock(timezone=LISBON, quiet=NIGHT, country="PT")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LISBON)


def test_the_deadline_counts_from_the_arrival_of_the_notice():
    """24 hours, or what the user set."""
    assert deadline(turned_down(), CLOCK) == NOON + hours(24)
    assert deadline(turned_down(), Clock(timezone=UTC, ask_within=hours(6))) == NOON + hours(6)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-06-03T12:00", "2026-06-03T12:00"),
        ("2026-06-03T23:30", "2026-06-03T21:59"),
        ("2026-06-04T03:00", "2026-06-03T21:59"),
        ("2026-06-03T22:00", "2026-06-03T21:59"),
        ("2026-06-04T08:00", "2026-06-04T08:00"),
    ],
)
def test_a_reminder_moves_to_the_last_moment_before_quiet_hours(moment: str, expected: str):
    """Never inside them, never after them."""
    assert before_quiet(local(moment), CLOCK) == local(expected)


@given(st.integers(0, 2 * 365 * 24 * 60), st.times(), st.times())
def test_no_reminder_is_ever_quiet_or_later(minute: int, start: time, end: time):
    """Whatever the hours, also over summer time changes."""
    clock = Clock(timezone=LISBON, quiet=Quiet(start=start.replace(second=0, microsecond=0), end=end))
    asked = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    given_moment = before_quiet(asked, clock)
    assert given_moment <= asked
    if start.replace(second=0, microsecond=0) != end and _leaves_room(clock):
        assert not is_quiet(given_moment, clock)


def _leaves_room(clock: Clock) -> bool:
    quiet = clock.quiet
    day = timedelta(hours=quiet.start.hour, minutes=quiet.start.minute) - timedelta(
        hours=quiet.end.hour, minutes=quiet.end.minute, seconds=quiet.end.second + 1
    )
    return day % timedelta(days=1) >= timedelta(hours=2)


def test_reminders_come_earliest_first_and_are_named():
    """8 h and 2 h before the end; the end is at noon UTC, 13:00 in Lisbon."""
    named = list(reminders(drafted(), CLOCK))
    assert [name for name, _ in named] == ["8 h left", "2 h left"]
    assert [moment for _, moment in named] == [local("2026-06-03T21:59"), local("2026-06-04T11:00")]


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-06-05T17:00", 1, "2026-06-08T17:00"),  # Friday -> Monday
        ("2026-06-03T09:00", 2, "2026-06-08T09:00"),  # 4 June 2026 is Corpus Christi in Portugal
        ("2026-06-01T09:00", 7, "2026-06-12T09:00"),  # and 10 June is Portugal Day
        ("2026-10-23T09:00", 1, "2026-10-26T09:00"),  # over the end of summer time: the same time of day
    ],
)
def test_working_days_pass_over_weekends_and_holidays(start: str, days: int, expected: str):
    """In the user's own time zone and country."""
    assert after_working_days(local(start), days, CLOCK) == local(expected)


def test_without_a_country_only_weekends_are_free():
    """No holiday is guessed."""
    assert after_working_days(local("2026-06-03T09:00"), 1, Clock(timezone=LISBON)) == local("2026-06-04T09:00")


def test_a_request_lapses_a_week_after_the_notice_or_after_the_user_asked():
    """`afterword ask` on an old notice starts a new week."""
    assert lapses(drafted()) == NOON + timedelta(days=7)
    later = NOON + timedelta(days=20)
    assert lapses(turned_down(promised(at=later))) == later + timedelta(days=7)
    assert lapses(turned_down()) is None


@pytest.mark.parametrize("day", ["2026-03-28T18:00", "2026-10-24T18:00"])
def test_24_hours_are_24_hours_on_the_day_the_clocks_change(day: str):
    """Whether the news came by mail, in UTC, or was logged, in the user's own time."""
    arrived = local(day)
    case = case_of(filed(mail("rejection", arrived=arrived), T.NOTICE))
    end = deadline(case, CLOCK)
    assert end.astimezone(UTC) - arrived.astimezone(UTC) == hours(24)
    ((_, last),) = list(reminders(case, Clock(timezone=LISBON, remind_before=(hours(2),))))
    assert end.astimezone(UTC) - last.astimezone(UTC) == hours(2)


def test_a_call_starts_the_clock_when_it_was():
    """Not when it was written down."""
    call = Logged(at=NOON + hours(3), when=NOON, what="call", employer="Acme")
    assert deadline(case_of(call), CLOCK) == NOON + hours(24)


def test_weekends_are_those_of_the_country():
    """Friday and Saturday in Israel: from Thursday to Sunday."""
    jerusalem = Clock(timezone=ZoneInfo("Asia/Jerusalem"), country="IL")
    thursday = datetime(2026, 6, 4, 9, tzinfo=jerusalem.timezone)
    assert after_working_days(thursday, 1, jerusalem) == datetime(2026, 6, 7, 9, tzinfo=jerusalem.timezone)


def test_a_hostile_appointment_is_none():
    """Neither the year 1 nor 9999, nor what is no date."""
    wild = [Meeting(start=start) for start in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "soon", "")]
    case = case_of(filed(mail("interview", meetings=tuple(wild)), T.INTERVIEW))
    assert meetings(case) == []
