"""What the user is told and when: once, outside quiet hours, and never in a storm."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from agent.alerts import STORM, Alert, AlertKind, Outbox
from agent.config.settings import Quiet
from tests.agent.stage import REJECTION, START, Stage, eml, interviewed_and_turned_down

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_reminders_are_told_once(stage: Stage):
    """That a draft lies there, then 8 and 2 hours before the end."""
    interviewed_and_turned_down(stage)
    for _ in range(30):
        stage.turn(after=HOUR)
    told = [alert.title for alert in stage.alerts]
    assert told == ["A draft for Acme", "8 h left to ask Acme", "2 h left to ask Acme"]


def test_nobody_is_told_anything_in_quiet_hours(stage: Stage):
    """The draft is placed at once; the alert waits for the morning, and is told once."""
    quiet = replace(stage.settings.clock, quiet=Quiet(start=time(20), end=time(8)))
    stage.settings = replace(stage.settings, clock=quiet)
    stage.now = START.replace(hour=23)
    interviewed_and_turned_down(stage)
    assert (len(stage.drafts()), stage.alerts) == (1, [])
    stage.turn(after=10 * HOUR)
    assert [alert.kind for alert in stage.alerts] == [AlertKind.DRAFTED]
    stage.turn(after=HOUR)
    assert len(stage.alerts) == 1


def test_a_draft_placed_after_a_long_sleep_is_told_once_with_the_time_that_is_left(stage: Stage):
    """Not as a draft and two reminders; and it names the time there is."""
    stage.deliver(eml(REJECTION, key="notice@acme.example"), arrived=START)
    stage.turn(after=22 * HOUR + timedelta(minutes=30))
    (alert,) = stage.alerts
    assert (alert.title, alert.kind) == ("A draft for Acme", AlertKind.DRAFTED)
    assert "best sent within 1 h" in alert.sentence
    assert alert.ends == START + DAY
    stage.turn(after=HOUR)
    assert len(stage.alerts) == 1


def test_a_draft_that_comes_too_late_is_told_without_a_clock(stage: Stage):
    """Past the day to ask, and still worth a letter."""
    stage.deliver(eml(REJECTION, key="notice@acme.example"), arrived=START)
    stage.turn(after=30 * HOUR)
    (alert,) = stage.alerts
    assert alert.kind is AlertKind.DRAFTED
    assert "best sent within" not in alert.sentence


# The outbox ----------------------------------------------------------------------------------------------------------


def alert(number: int, kind: AlertKind = AlertKind.DRAFTED) -> Alert:
    return Alert(
        kind=kind, case=f"case{number}", title=f"A draft for Firm {number}", sentence="It lies in your Drafts."
    )


@pytest.fixture
def told() -> list[Alert]:
    return []


@pytest.fixture
def outbox(stage: Stage, told: list[Alert]) -> Outbox:
    night = replace(stage.settings.clock, quiet=Quiet(start=time(22), end=time(8)))
    return Outbox(replace(stage.settings, clock=night), told.append)


def test_a_few_are_told_one_by_one(outbox: Outbox, told: list[Alert]):
    """In their order, each once."""
    for number in (*range(STORM), 0):
        outbox.put(alert(number))
    outbox.flush(START)
    outbox.flush(START)
    assert told == [alert(number) for number in range(STORM)]


def test_many_at_once_are_told_as_one(outbox: Outbox, told: list[Alert]):
    """After a long absence, whichever accounts they came from."""
    for number in range(STORM):
        outbox.put(alert(number))
    outbox.put(alert(8, AlertKind.REMINDER))
    outbox.put(alert(9, AlertKind.NEWS))
    outbox.flush(START)
    (one,) = told
    assert (one.kind, one.case) == (AlertKind.SUMMARY, None)
    assert one.title == "5 things happened while you were away"
    assert one.sentence == "3 drafts, 1 reminder, 1 piece of news. All of it: afterword status"


def test_every_kind_can_be_counted(outbox: Outbox, told: list[Alert]):
    """A new kind has words too."""
    for number, kind in enumerate(AlertKind):
        outbox.put(alert(number, kind))
    outbox.flush(START)
    assert told[0].sentence.count(",") == len(AlertKind) - 1


def test_quiet_hours_hold_everything(outbox: Outbox, told: list[Alert]):
    """Trouble included; in the morning it is told, and once."""
    outbox.put(alert(1, AlertKind.TROUBLE))
    outbox.flush(START.replace(hour=23))
    outbox.flush(START.replace(hour=7, minute=59))
    assert told == []
    outbox.flush(START.replace(hour=8))
    outbox.flush(START.replace(hour=9))
    assert told == [alert(1, AlertKind.TROUBLE)]
