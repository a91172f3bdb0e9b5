"""The decision is taken back, and taken again."""

from datetime import timedelta

import pytest

from agent.case import Outcome, State, Trigger, advance
from agent.case.events import Logged
from tests.agent.facts import NOON, drafted, filed, hours, mail
from tests.agent.stage import REJECTION, Stage, eml, interviewed_and_turned_down

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

MISTAKE = (
    "Hi Ana,\n\nplease disregard our last mail, it was sent to you by mistake. Your application is still under "
    "consideration.\n\nBest\nJane\n"
)


@pytest.fixture
def taken_back(stage: Stage) -> Stage:
    """Ana had already asked for advice."""
    interviewed_and_turned_down(stage)
    stage.send_draft(key="sent@example.org")
    stage.turn(after=HOUR)
    stage.now += HOUR
    stage.deliver(eml(MISTAKE, key="mistake@acme.example", answers="sent@example.org", date=stage.now))
    stage.turn()
    assert (stage.case.state, stage.case.outcome) == (State.CLOSED, Outcome.REVERSED)
    return stage


def test_turned_down_again_is_decided_anew(taken_back: Stage):
    """Another decision, another day: the clock starts again, and a request for this one is drafted."""
    stage = taken_back
    stage.now += 5 * DAY
    stage.deliver(eml(REJECTION, key="again@acme.example", answers="mistake@acme.example", date=stage.now))
    stage.turn()
    assert (stage.case.state, stage.case.notice.key) == (State.REQUEST_DRAFTED, "<again@acme.example>")
    assert stage.case.turned_down == stage.now
    assert [draft["In-Reply-To"] for draft in stage.drafts()] == ["<again@acme.example>"]


def test_a_notice_from_before_the_reversal_is_no_new_one(taken_back: Stage):
    """The system's mail, found in another folder after the recruiter's."""
    stage = taken_back
    stage.deliver(eml(REJECTION, key="late@acme.example", answers="notice@acme.example"), arrived=stage.now - 2 * HOUR)
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.outcome, stage.drafts()) == (State.CLOSED, Outcome.REVERSED, [])


def test_turned_down_again_by_phone():
    """The clock runs from this call, not from the mail that was taken back."""
    back = filed(mail("reversed", arrived=NOON + hours(5)), Trigger.REVERSAL)
    case = advance(drafted(back), Logged(at=NOON + hours(50), what="call"))
    assert (case.state, case.turned_down, case.decided) == (State.NOTED, NOON + hours(50), False)
