"""The case: the table as a whole, and the fold."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.case import (
    TRANSITIONS,
    Case,
    CaseId,
    Event,
    Fate,
    IllegalTransition,
    LetterKind,
    Outcome,
    State,
    Trigger,
    advance,
    expects,
    opened,
    replay,
)
from agent.case.events import (
    DraftDiscarded,
    DraftEdited,
    DraftMissed,
    DraftSent,
    Hindered,
    Ignored,
    Lapsed,
    Logged,
    MailFiled,
    MailMoved,
    Noted,
    Reminded,
    UserAsked,
    UserClosed,
    WaitEnded,
)
from tests.agent.facts import NOON, NOTICE, case_of, drafted, filed, hours, mail, placed, promised, turned_down

EVENTS: list[Event] = [
    *(filed(mail(trigger.value, key=f"<{trigger.value}@x.example>"), trigger) for trigger in (
        Trigger.RECEIPT, Trigger.INTERVIEW, Trigger.NOTICE, Trigger.FEEDBACK, Trigger.DECLINE, Trigger.OFFER,
        Trigger.REVERSAL, Trigger.WITHDRAWAL, Trigger.OWN_MAIL, Trigger.CORRESPONDENCE, Trigger.NOTICE_ANEW,
    )),
    Noted(at=NOON, reason="policy"),
    Ignored(at=NOON),
    promised(LetterKind.REQUEST),
    promised(LetterKind.THANKS),
    promised(LetterKind.CLOSE),
    promised(LetterKind.ENQUIRY),
    placed(parent=None),
    DraftEdited(at=NOON, digest="d"),
    DraftMissed(at=NOON),
    DraftSent(at=NOON, message_id="<s@x.example>"),
    DraftSent(at=NOON, message_id="<s@x.example>", asks=True),
    DraftSent(at=NOON, message_id="<s@x.example>", answered=True),
    DraftDiscarded(at=NOON),
    Lapsed(at=NOON),
    WaitEnded(at=NOON),
    UserAsked(at=NOON),
    UserClosed(at=NOON),
    Logged(at=NOON, what="call"),
    Logged(at=NOON, what="letter"),
    Logged(at=NOON, what="interview"),
    MailMoved(at=NOON, key="<k@x.example>", notice=False),
    MailMoved(at=NOON, key="<k@x.example>", notice=True),
    Hindered(at=NOON, reason="r"),
    Reminded(at=NOON, what="w"),
]  # fmt: skip


def test_every_trigger_has_an_event():
    """No row of the table waits for something that cannot happen."""
    assert {event.trigger for event in EVENTS} == set(Trigger)


def test_every_state_can_be_reached_and_left():
    """The table has no dead ends and no islands."""
    reached = {target for row in TRANSITIONS.values() for target in row.values()}
    assert reached | {State.APPLIED} == set(State)
    assert all(any(target is not state for target in row.values()) for state, row in TRANSITIONS.items())


def _in(state: State) -> Case:
    letters = (promised(), placed(parent=NOTICE.message_id)) if state is not State.APPLIED else ()
    base = turned_down(*letters)
    return Case(**{**vars(base), "state": state})


@pytest.mark.parametrize(("state", "event"), list(product(State, EVENTS)), ids=lambda x: getattr(x, "value", None))
def test_advance_does_what_the_table_says(state: State, event: Event):
    """Each of the table's cells, allowed or not; the case it is given never changes."""
    case = _in(state)
    before = repr(case)
    if not expects(case, event.trigger):
        with pytest.raises(IllegalTransition):
            advance(case, event)
    elif case.letters or event.trigger not in _NEEDS_A_LETTER:
        assert advance(case, event).state is TRANSITIONS[state][event.trigger]
    assert repr(case) == before


_NEEDS_A_LETTER = {Trigger.PLACED, Trigger.EDITED, Trigger.MISSED, Trigger.SENT, Trigger.ANSWERED, Trigger.DISCARDED}


def test_the_whole_way():
    """A notice, a request sent, feedback, thanks sent: closed as thanked, every step at its own time."""
    answer = mail("feedback", key="<fb@acme.example>", arrived=NOON + hours(30))
    case = drafted(DraftSent(at=NOON + hours(3), message_id="<real@example.org>"))
    assert (case.state, case.letter.fate, case.letter.sent_id) == (
        State.AWAITING_FEEDBACK, Fate.SENT, "<real@example.org>",
    )  # fmt: skip
    case = replay(case, [filed(answer, Trigger.FEEDBACK), promised(LetterKind.THANKS, number=2, at=answer.arrived)])
    assert (case.state, case.answer) == (State.THANKS_DUE, answer)
    case = replay(
        case, [placed(parent="<fb@acme.example>", asks=False), DraftSent(at=NOON + hours(40), message_id=None)]
    )
    assert (case.state, case.outcome, case.since) == (State.CLOSED, Outcome.THANKED, NOON + hours(40))


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("feedback", Outcome.THANKED), ("feedback_declined", Outcome.DECLINED), (None, Outcome.NO_ANSWER)],
)
def test_the_last_letter_ends_it_by_what_it_was_for(answer: str | None, outcome: Outcome):
    """The outcome says whether feedback came, was declined, or never came."""
    sent = DraftSent(at=NOON, message_id="<r@example.org>")
    came = [filed(mail(answer, key="<a@acme.example>"), Trigger.FEEDBACK)] if answer else []
    case = drafted(sent, *came, promised(LetterKind.THANKS, number=2), placed(parent=None, asks=False), sent)
    assert (case.state, case.outcome) == (State.CLOSED, outcome)


def test_a_discarded_request_is_a_veto_until_the_user_asks():
    """Nothing but the user's own word brings a request back."""
    case = drafted(DraftDiscarded(at=NOON))
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.DISCARDED)
    asked = advance(case, UserAsked(at=NOON))
    assert asked.asked
    again = advance(asked, promised(number=2))
    assert (again.state, again.asked, again.outcome) == (State.REQUEST_DUE, False, None)


def test_a_second_notice_changes_nothing_but_is_kept():
    """The recruiter's mail after the system's: the first notice stays the notice and the clock stays."""
    second = mail("rejection", key="<second@acme.example>", arrived=NOON + hours(5))
    case = drafted(filed(second, Trigger.NOTICE))
    assert (case.state, case.notice) == (State.REQUEST_DRAFTED, NOTICE)
    assert second in case.mails


def test_a_new_invitation_brings_the_application_back_to_life():
    """After an invitation, the next notice is a new one with a clock of its own."""
    invitation = mail("interview", key="<again@acme.example>", arrived=NOON + hours(5))
    case = turned_down(Noted(at=NOON, reason="policy"), filed(invitation, Trigger.INTERVIEW))
    assert (case.state, case.notice, case.decided) == (State.INTERVIEWED, None, False)
    second = mail("rejection", key="<second@acme.example>", arrived=NOON + hours(90))
    assert advance(case, filed(second, Trigger.NOTICE)).notice == second


def test_a_moved_notice_leaves_a_live_application():
    """`afterword file` elsewhere: this application was not turned down."""
    case = advance(drafted(), MailMoved(at=NOON, key=NOTICE.key, notice=True))
    assert (case.state, case.notice, case.mails) == (State.INTERVIEWED, None, ())


def test_a_draft_that_comes_back_was_not_thrown_away():
    """A half-synced client: gone, then there again."""
    case = drafted(DraftMissed(at=NOON), DraftMissed(at=NOON, back=True))
    assert case.letter.missed is None


def test_stage_needs_no_more_than_one_sign():
    """An invitation, words about an interview, or the user's log."""
    assert case_of(filed(mail("interview"), Trigger.INTERVIEW)).stage == "interviewed"
    assert case_of(filed(mail("receipt"), Trigger.RECEIPT)).stage == "unknown"
    assert case_of(filed(mail("receipt", stage="applied"), Trigger.RECEIPT)).stage == "applied"
    assert case_of(Logged(at=NOON, what="interview", account="home")).stage == "interviewed"


@given(st.lists(st.sampled_from(EVENTS), max_size=25))
def test_replay_is_the_fold_whatever_happens(events: list[Event]):
    """Any order of events: each is taken or refused by the table alone, and what is stored reads back the same."""
    case = opened(CaseId("aaaaaa"), NOON)
    taken: list[Event] = []
    for event in events:
        if expects(case, event.trigger) and (case.letters or event.trigger not in _NEEDS_A_LETTER | _ASKS):
            case = advance(case, event)
            taken.append(event)
    assert replay(opened(CaseId("aaaaaa"), NOON), taken) == case
    adapter = TypeAdapter(Case)
    assert adapter.validate_json(adapter.dump_json(case)) == case
    stored = TypeAdapter(list[Event])
    assert stored.validate_json(stored.dump_json(taken)) == taken


_ASKS = {Trigger.SENT_WITH_QUESTION}


def test_events_are_told_apart_by_their_kind():
    """Two kinds with one name could not be read back."""
    kinds = [type(event) for event in EVENTS]
    names = {kind: kind.kind for kind in set(kinds)}
    assert len(set(names.values())) == len(names)
    assert MailFiled in names
