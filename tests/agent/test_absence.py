"""Who is away is waited for."""

from datetime import date, timedelta

import pytest

from agent.case import LetterKind, State
from tests.agent.stage import Stage, eml, interviewed_and_turned_down
from tests.agent.test_silence import at, correspondence, due, interviewed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def answered_by_a_machine(stage: Stage, text: str) -> None:
    """Five days after Ana's request."""
    interviewed_and_turned_down(stage)
    stage.send_draft(key="sent@example.org")
    stage.turn(after=HOUR)
    stage.now += 5 * DAY
    raw = eml(text, key="away@acme.example", answers="sent@example.org", date=stage.now, Auto_Submitted="auto-replied")
    stage.deliver(raw)
    stage.turn()


def test_the_wait_begins_with_the_automatic_answer(stage: Stage):
    """Seven working days, when it does not say how long."""
    answered_by_a_machine(stage, "I am out of the office with limited access to my mail.\n")
    stage.turn(after=5 * DAY)
    assert (stage.case.state, stage.drafts(), stage.case.mails[-1].meaning) == (
        State.AWAITING_FEEDBACK, [], "out_of_office",
    )  # fmt: skip
    stage.turn(after=5 * DAY)
    assert (stage.case.state, stage.case.letter.kind) == (State.THANKS_DRAFTED, LetterKind.CLOSE)


def test_the_wait_begins_when_the_absence_ends(stage: Stage):
    """Somebody who comes back in three weeks is not written to in two."""
    back = stage.now + 30 * DAY
    answered_by_a_machine(stage, f"I am out of the office until {back:%d %B %Y}.\n")
    stage.turn(after=24 * DAY)
    assert (stage.case.state, stage.drafts()) == (State.AWAITING_FEEDBACK, [])
    stage.turn(after=8 * DAY)
    assert (stage.case.state, stage.case.letter.kind) == (State.THANKS_DRAFTED, LetterKind.CLOSE)


def away(until: date | None) -> object:
    return correspondence("2026-06-02T10:00", meaning="out_of_office", answer_by=until)


@pytest.mark.parametrize(
    ("until", "asked"), [(None, at("2026-06-09T10:00")), (date(2026, 6, 12), at("2026-06-19T12:00"))]
)
def test_an_enquiry_waits_too(until: date | None, asked: object):
    """Five working days after the automatic answer, or after the return that it names."""
    assert due(interviewed(away(until))) == asked


def test_an_absence_does_not_take_a_promise_away():
    """An answer by the 19th was promised; that its writer is back on the 12th brings it no nearer."""
    assert due(interviewed(away(date(2026, 6, 12)), answer_by=date(2026, 6, 19))) == at("2026-06-23T12:00")
