"""What did not come by mail, folded into the case: calls, paper letters, interviews."""

from datetime import timedelta

import pytest

from agent.case import LetterKind, Link, Outcome, State, Trigger, advance, replay
from agent.case.events import DraftSent, Logged, MailMoved, Noted, UserClosed
from tests.agent.facts import NOON, NOTICE, case_of, drafted, filed, hours, mail, placed, promised, turned_down

CALL = Logged(at=NOON, what="call", account="home", employer="Acme", position="Data Engineer")
ADVICE = Logged(at=NOON, what="call", account="home", asked=True, note="Talk about trade-offs earlier.")


@pytest.mark.parametrize("what", ["call", "letter"])
def test_the_news_by_word_starts_the_clock_when_it_came(what: str) -> None:
    """Not when it was written down."""
    case = case_of(Logged(at=NOON, what=what, account="home", when=NOON - hours(3)))
    assert (case.state, case.turned_down, case.account, case.decided) == (
        State.NOTED, NOON - hours(3), "home", False,
    )  # fmt: skip


def test_an_interview_is_no_news() -> None:
    """The application goes on, and the next notice finds its interviewer."""
    case = case_of(Logged(at=NOON, what="interview", account="home"))
    assert (case.state, case.turned_down, case.stage) == (State.INTERVIEWED, None, "interviewed")
    after = turned_down(Noted(at=NOON, reason="policy"), Logged(at=NOON, what="interview"))
    assert (after.state, after.decided, after.stage) == (State.NOTED, True, "interviewed")


def test_the_first_news_counts_whoever_repeats_it() -> None:
    """A call and then the written notice, or the other way round: one clock, from the earlier of the two."""
    called = case_of(CALL, filed(mail("rejection", arrived=NOON + hours(5)), Trigger.NOTICE))
    assert called.notice is not None
    assert called.turned_down == NOON
    assert turned_down(Logged(at=NOON + hours(5), what="call")).turned_down == NOON
    assert case_of(CALL, Logged(at=NOON + hours(5), what="letter")).turned_down == NOON


def test_mails_name_the_employer_before_the_user_does() -> None:
    """What the user typed is better than nothing, and the mails' own spelling better than that."""
    case = case_of(CALL)
    assert (case.employer, case.position, case.requisition) == ("Acme", "Data Engineer", None)
    named = advance(case, filed(mail("rejection", employer="Acme GmbH"), Trigger.NOTICE))
    assert named.employer == "Acme GmbH"


def test_a_notice_after_a_call_leaves_the_letter_in_its_account() -> None:
    """The letter was promised in one account; the system's mail to another does not take it away."""
    case = case_of(CALL, promised())
    elsewhere = mail("rejection", account="work", arrived=NOON + hours(5))
    assert advance(case, filed(elsewhere, Trigger.NOTICE)).account == "home"


def test_a_call_on_a_case_at_rest_decides_it_anew() -> None:
    """Noted or closed: the user's own word counts. A letter that is under way goes its way."""
    rested = turned_down(Noted(at=NOON, reason="policy"), CALL)
    assert (rested.state, rested.decided) == (State.NOTED, False)
    sent = drafted(DraftSent(at=NOON, message_id="<s@example.org>"))
    closed = case_of(CALL, UserClosed(at=NOON))
    assert advance(closed, CALL).state is State.NOTED
    assert (advance(sent, ADVICE).state, advance(sent, ADVICE).decided) == (State.AWAITING_FEEDBACK, True)


def _end() -> DraftSent:
    return DraftSent(at=NOON, message_id="<s@example.org>")


def test_feedback_is_what_was_said_when_advice_was_asked_for() -> None:
    """Notes alone are notes, and a paper letter is no talk."""
    assert ADVICE.gave_feedback
    for other in (
        Logged(at=NOON, what="call", note="Friendly."),
        Logged(at=NOON, what="call", asked=True),
        Logged(at=NOON, what="letter", asked=True, note="They wrote."),
    ):
        assert not other.gave_feedback
    assert case_of(CALL, ADVICE, CALL).spoken == ADVICE


def test_thanks_for_spoken_feedback_close_as_thanked() -> None:
    """No mail brought it, and yet it came."""
    case = case_of(ADVICE, promised(LetterKind.THANKS), placed(parent=None, asks=False), _end())
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.THANKED)


def test_a_new_invitation_after_a_call_brings_the_application_back_to_life() -> None:
    """The next news is a new one, with a clock of its own."""
    invitation = mail("interview", arrived=NOON + hours(5))
    case = case_of(CALL, filed(invitation, Trigger.INTERVIEW))
    assert (case.state, case.turned_down) == (State.INTERVIEWED, None)
    again = Logged(at=NOON + timedelta(days=9), what="call")
    assert advance(case, again).turned_down == again.at


def test_a_notice_filed_elsewhere_takes_no_call_away() -> None:
    """The message was another application's; the call was this one's."""
    case = case_of(CALL, filed(NOTICE, Trigger.NOTICE, link=Link.EMPLOYER))
    left = advance(case, MailMoved(at=NOON, key=NOTICE.key, notice=False))
    assert (left.state, left.notice, left.turned_down) == (State.NOTED, None, NOON)
    assert replay(left, [filed(NOTICE, Trigger.NOTICE)]).notice == NOTICE
