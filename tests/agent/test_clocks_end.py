"""Every clock ends: whatever happened to a case, when nobody says another word it comes to rest."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.case import Case, LetterKind, State, advance, expects
from agent.case.events import DraftSent, Event
from agent.config.settings import Clock, FollowUp, Me, Settings
from agent.turn.ringing import due
from tests.agent.facts import NOON, case_of, drafted, promised
from tests.agent.test_case import EVENTS
from tests.agent.test_silence import interviewed

AT_REST = {State.CLOSED, State.NOTED, State.APPLIED, State.INTERVIEWED}
AWAITING = drafted(DraftSent(at=NOON, message_id="<s@x.example>"))


def settings_of(follow_up: FollowUp) -> Settings:
    return Settings(
        me=Me(name="Ana"),
        accounts=(),
        clock=Clock(timezone=ZoneInfo("UTC")),
        follow_up=follow_up,
        store="sqlite:///none",
        source=Path("none"),
    )


def left_alone(case: Case, follow_up: FollowUp, *, doubted: bool) -> Case:
    """The case after a year in which only the clocks speak."""
    settings, now = settings_of(follow_up), NOON
    for _ in range(40):
        now += timedelta(days=9)
        for one in due(case, settings, now, doubted=doubted):
            event = promised(one, number=len(case.letters) + 1, at=now) if isinstance(one, LetterKind) else one
            case = advance(case, event)
    return case


@pytest.mark.parametrize("doubted", [False, True])
@given(
    happened=st.lists(st.sampled_from(EVENTS), max_size=12),
    close_after=st.sampled_from([None, 7]),
    enquire_after=st.sampled_from([None, 5]),
)
def test_every_clock_ends(happened: list[Event], close_after: int | None, enquire_after: int | None, doubted: bool):
    """Doubted or not: that another notice may be about the case stops enquiries, and nothing else."""
    case = case_of(EVENTS[0])
    for event in happened:
        of_a_draft = event.kind in ("placed", "edited", "missed", "sent", "discarded")
        if expects(case, event.trigger) and (case.letters or not of_a_draft):
            case = advance(case, event)
    follow_up = FollowUp(close_after=close_after, enquire_after=enquire_after)
    assert left_alone(case, follow_up, doubted=doubted).state in AT_REST


@pytest.mark.parametrize("close_after", [None, 7])
def test_a_doubted_case_does_not_wait_for_ever(close_after: int | None):
    """Its request was sent; what another notice was about does not prolong the wait for the answer."""
    assert AWAITING.state is State.AWAITING_FEEDBACK
    assert left_alone(AWAITING, FollowUp(close_after=close_after), doubted=True).state is State.CLOSED


@pytest.mark.parametrize("doubted", [False, True])
def test_nobody_enquires_about_a_doubted_case(doubted: bool):
    """It may be the very one that was turned down."""
    after = left_alone(interviewed(), FollowUp(enquire_after=5), doubted=doubted)
    assert [letter.kind for letter in after.letters] == ([] if doubted else [LetterKind.ENQUIRY] * 2)
