"""Before an interview: what earlier feedback taught, once, in time, never at night."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from agent.alerts import AlertKind
from agent.case import Link, Meeting, State, Trigger
from agent.config.settings import Clock, Quiet
from agent.journal import Journal
from tests.agent.facts import filed, mail
from tests.agent.stage import START, Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT = Quiet(start=time(22), end=time(8))
ADVICE = "Your answers were rather long. We missed concrete examples. You were well prepared."


@pytest.fixture
def stage(tmp_path: Path):
    stage = Stage(tmp_path)
    yield stage
    stage.journal.close()


def learnt(journal: Journal, text: str = ADVICE, employer: str = "Acme") -> None:
    """A case that is over, with its feedback."""
    at = START - 30 * DAY
    notice = mail("rejection", key=f"<n@{employer}>", arrived=at, employer=employer, stage="interviewed")
    told = mail("feedback", key=f"<f@{employer}>", arrived=at + DAY, employer=employer, text=text)
    with journal.writing() as writer:
        case = writer.open_case(at)
        writer.append(
            case,
            filed(notice, Trigger.NOTICE, link=Link.OPENED),
            filed(told, Trigger.FEEDBACK),
        )


def invited(journal: Journal, *starts: datetime, employer: str = "Newco") -> str:
    """A case with interviews in the calendar."""
    meetings = tuple(Meeting(start=start.isoformat()) for start in starts)
    one = mail("interview", key=f"<i@{employer}>", arrived=START - DAY, employer=employer, meetings=meetings)
    with journal.writing() as writer:
        return writer.append(writer.open_case(START), filed(one, Trigger.INTERVIEW, link=Link.OPENED)).id


def briefings(stage: Stage):
    return [alert for alert in stage.alerts if alert.kind is AlertKind.INTERVIEW]


def test_a_day_before_the_themes_are_told_once(stage: Stage):
    """Not earlier, and not again; names of themes, and no word of anybody's mail."""
    learnt(stage.journal)
    case = invited(stage.journal, START + 30 * HOUR)
    stage.turn()
    assert briefings(stage) == []
    stage.turn(after=7 * HOUR)
    stage.turn(after=HOUR)
    (alert,) = briefings(stage)
    assert alert.case == case
    assert alert.title == "Interview with Newco, Thursday at 15:00"
    assert alert.sentence == (
        "Keep in mind: clear, brief answers, examples and numbers. What others praised: preparation and questions. "
        "In their own words: afterword lessons"
    )


def test_each_interview_is_told(stage: Stage):
    """A second round with the same employer counts anew."""
    learnt(stage.journal)
    invited(stage.journal, START + 5 * HOUR, START + 3 * DAY)
    stage.turn()
    assert len(briefings(stage)) == 1
    stage.turn(after=2 * DAY + HOUR)
    assert len(briefings(stage)) == 2


def test_an_interview_that_is_near_already_is_told_at_once(stage: Stage):
    learnt(stage.journal)
    invited(stage.journal, START + 2 * HOUR)
    stage.turn()
    assert len(briefings(stage)) == 1


def test_what_is_over_is_not_told(stage: Stage):
    learnt(stage.journal)
    invited(stage.journal, START - HOUR)
    stage.turn()
    assert briefings(stage) == []


def test_without_lessons_nobody_is_disturbed(stage: Stage):
    """Praise alone is no reason either."""
    learnt(stage.journal, "You were well prepared. Others were a better fit.")
    invited(stage.journal, START + 2 * HOUR)
    stage.turn()
    assert briefings(stage) == []


def test_a_case_that_is_over_is_not_told(stage: Stage):
    """The appointment was for a process that has ended since."""
    learnt(stage.journal)
    case = invited(stage.journal, START + 2 * HOUR)
    notice = mail("rejection", key="<no@newco>", arrived=START, employer="Newco")
    with stage.journal.writing() as writer:
        found = writer.case(case)
        assert found is not None
        assert writer.append(found, filed(notice, Trigger.NOTICE)).state is State.NOTED
    stage.turn()
    assert briefings(stage) == []


def test_quiet_hours_are_kept(stage: Stage):
    """A day before 9 is told the evening before that, and never at night."""
    stage.settings = replace(stage.settings, clock=Clock(timezone=UTC, quiet=NIGHT))
    learnt(stage.journal)
    invited(stage.journal, datetime(2026, 6, 5, 6, 0, tzinfo=UTC))
    stage.now = datetime(2026, 6, 3, 21, 0, tzinfo=UTC)
    stage.turn()
    assert briefings(stage) == []
    stage.turn(after=timedelta(minutes=59, seconds=30))
    assert len(briefings(stage)) == 1


def test_in_quiet_hours_it_waits_for_the_morning(stage: Stage):
    stage.settings = replace(stage.settings, clock=Clock(timezone=UTC, quiet=NIGHT))
    learnt(stage.journal)
    invited(stage.journal, datetime(2026, 6, 4, 12, 0, tzinfo=UTC))
    stage.now = datetime(2026, 6, 3, 23, 0, tzinfo=UTC)
    stage.turn()
    assert briefings(stage) == []
    stage.turn(after=9 * HOUR + timedelta(minutes=5))
    assert len(briefings(stage)) == 1
