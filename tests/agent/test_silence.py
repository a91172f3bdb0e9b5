"""Silence: after a request, and after an interview."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.case import Case, LetterKind, Meeting, Outcome, Person, State
from agent.case.events import DraftDiscarded, DraftSent, Event, Lapsed, Logged
from agent.config.settings import Clock, FollowUp
from agent.timetable import silence_ends, wait_ends
from tests.agent.facts import T, case_of, drafted, filed, mail, placed, promised
from tests.agent.stage import INVITATION, Stage, eml, interviewed_and_turned_down

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_silence_ends_with_a_short_closing_letter(stage: Stage):
    """Seven working days after the request; then the case is closed."""
    interviewed_and_turned_down(stage)
    stage.send_draft(key="minted@example.org")
    stage.turn(after=HOUR)
    stage.turn(after=8 * DAY)
    assert (stage.case.state, stage.drafts()) == (State.AWAITING_FEEDBACK, [])
    stage.turn(after=3 * DAY)
    assert (stage.case.state, stage.case.letter.kind) == (State.THANKS_DRAFTED, LetterKind.CLOSE)
    stage.send_draft(key="close@example.org")
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.outcome) == (State.CLOSED, Outcome.NO_ANSWER)


def test_silence_after_an_interview_is_asked_about_at_most_twice(tmp_path: Path):
    """Only when the user turned it on."""
    stage = Stage(tmp_path, follow_up=FollowUp(enquire_after=5))
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.turn(after=7 * DAY)
    assert (stage.case.state, stage.case.letter.kind) == (State.ENQUIRY_DRAFTED, LetterKind.ENQUIRY)
    for key in ("one@example.org", "two@example.org"):
        stage.send_draft(key=key)
        stage.turn(after=HOUR)
        assert stage.case.state is State.INTERVIEWED
        stage.turn(after=8 * DAY)
    assert (stage.case.state, len(stage.case.letters), stage.drafts()) == (State.INTERVIEWED, 2, [])
    stage.journal.close()


# When an enquiry is due ----------------------------------------------------------------------------------------------


BERLIN = ZoneInfo("Europe/Berlin")
CLOCK = Clock(timezone=BERLIN, country="DE")
FIVE = FollowUp(enquire_after=5)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def interviewed(*more: Event, meeting: str | None = None, **fields: object) -> Case:
    """Invited on Monday, 1 June 2026."""
    meetings = (Meeting(start=at(meeting).isoformat()),) if meeting else ()
    first = mail("interview", key="<i@acme.example>", arrived=at("2026-06-01T09:00"), meetings=meetings, **fields)
    return case_of(filed(first, T.INTERVIEW), *more)


def correspondence(moment: str, **fields: object) -> Event:
    return filed(mail(key=f"<{moment}@acme.example>", arrived=at(moment), **fields), T.CORRESPONDENCE)


def due(case: Case, follow_up: FollowUp = FIVE) -> datetime | None:
    return silence_ends(case, follow_up, CLOCK)


def test_it_is_off_unless_the_user_turns_it_on():
    """Nobody is asked anything by default, not even after a promise."""
    assert due(interviewed(answer_by=date(2026, 6, 5)), FollowUp()) is None


def test_five_working_days_after_the_interview():
    """From its calendar part, when there is one; Corpus Christi is no holiday in all of Germany."""
    assert due(interviewed()) == at("2026-06-08T09:00")
    assert due(interviewed(meeting="2026-06-03T14:00")) == at("2026-06-10T14:00")


def test_two_working_days_after_the_promised_date():
    """Friday, 5 June: a day of grace, and it is Tuesday noon."""
    assert due(interviewed(answer_by=date(2026, 6, 5))) == at("2026-06-09T12:00")


def test_the_last_promise_counts():
    """ "It takes us a week longer." """
    later = correspondence("2026-06-05T10:00", answer_by=date(2026, 6, 12))
    assert due(interviewed(later, answer_by=date(2026, 6, 5))) == at("2026-06-16T12:00")


def test_a_promise_made_before_the_next_interview_is_over():
    """Invited again after the promised day: what was promised then was kept."""
    again = filed(
        mail("interview", key="<2@acme.example>", arrived=at("2026-06-05T10:00"),
             meetings=(Meeting(start=at("2026-06-17T10:00").isoformat()),)), T.INTERVIEW
    )  # fmt: skip
    assert due(interviewed(again, answer_by=date(2026, 6, 5))) == at("2026-06-24T10:00")


def test_never_while_another_interview_lies_ahead():
    """Five working days begin with the last one."""
    assert due(interviewed(meeting="2026-07-01T10:00")) == at("2026-07-08T10:00")


@pytest.mark.parametrize("outgoing", [False, True])
def test_every_word_begins_the_silence_anew(outgoing: bool):
    """Theirs, and the user's own: whoever has just written is not silent."""
    own = {"outgoing": True, "sender": "ana@example.org", "recipients": ("jane@acme.example",)} if outgoing else {}
    assert due(interviewed(correspondence("2026-06-04T10:00", **own))) == at("2026-06-11T10:00")


def test_a_logged_interview_counts():
    """`afterword log interview`: the day it was, not the day it was written down."""
    receipt = filed(mail("receipt", arrived=at("2026-05-20T09:00")), T.RECEIPT)
    jane = Person(address="jane@acme.example")
    log = Logged(at=at("2026-06-09T20:00"), when=at("2026-06-08T11:00"), what="interview", person=jane)
    case = case_of(receipt, log)
    assert case.state is State.INTERVIEWED
    assert due(case) == at("2026-06-15T11:00")


def enquired(number: int, moment: str, *fate: Event) -> tuple[Event, ...]:
    start = at(moment)
    return (promised(LetterKind.ENQUIRY, number=number, at=start), placed(at=start, parent="<i@acme.example>"), *fate)


def test_the_second_comes_after_another_such_wait_and_a_third_never():
    """Five working days after the first was sent."""
    first = enquired(1, "2026-06-08T09:00", DraftSent(at=at("2026-06-09T10:00"), message_id="<e1@example.org>"))
    second = enquired(2, "2026-06-16T10:00", DraftSent(at=at("2026-06-16T11:00"), message_id="<e2@example.org>"))
    assert due(interviewed(*first)) == at("2026-06-16T10:00")
    assert due(interviewed(*first, *second)) is None


def test_an_enquiry_thrown_away_is_the_last():
    """A veto."""
    assert due(interviewed(*enquired(1, "2026-06-08T09:00", DraftDiscarded(at=at("2026-06-08T12:00"))))) is None


def test_an_enquiry_left_lying_is_not_followed_at_once():
    """Given up after a week; the wait begins then."""
    lapsed = enquired(1, "2026-06-08T09:00", Lapsed(at=at("2026-06-15T09:00")))
    assert due(interviewed(*lapsed)) == at("2026-06-22T09:00")


def test_a_hostile_calendar_hinders_nothing():
    """The year 9999 is no appointment."""
    assert due(interviewed(meeting="9999-12-31T10:00")) == at("2026-06-08T09:00")


def test_an_interview_without_an_outcome_from_mail_to_draft(tmp_path: Path):
    """The promise is read from the mail itself, and the enquiry answers it."""
    stage = Stage(tmp_path, follow_up=FollowUp(enquire_after=5))
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    promise = "Hi Ana,\n\nthank you for the interview today. You will hear from us by Friday next week.\n\nBest\nJane\n"
    stage.now += 2 * DAY
    stage.deliver(eml(promise, key="promise@acme.example", answers="invitation@acme.example", date=stage.now))
    stage.turn()
    assert stage.case.mails[-1].answer_by == date(2026, 6, 12)
    stage.turn(after=datetime(2026, 6, 16, 11, tzinfo=UTC) - stage.now)
    assert (stage.case.state, stage.drafts()) == (State.INTERVIEWED, [])
    stage.turn(after=2 * HOUR)
    assert stage.case.state is State.ENQUIRY_DRAFTED
    (draft,) = stage.drafts()
    assert draft["In-Reply-To"] == "<promise@acme.example>"
    stage.journal.close()


# When the wait for an answer is over ---------------------------------------------------------------------------------


def asked(*more: Event) -> Case:
    """Sent on Wednesday, 3 June 2026, at noon UTC."""
    return drafted(DraftSent(at=datetime(2026, 6, 3, 12, tzinfo=UTC), message_id="<s@example.org>"), *more)


def ends(case: Case, follow_up: FollowUp = FollowUp()) -> datetime | None:  # noqa: B008 - frozen
    return wait_ends(case, follow_up, CLOCK)


def test_seven_working_days_after_it_was_sent():
    """The same time of day, where the user is."""
    assert ends(asked()) == at("2026-06-12T14:00")
    assert ends(drafted()) is None


def test_without_a_closing_letter_a_case_ends_by_itself():
    """`close_after: never`."""
    assert ends(asked(), FollowUp(close_after=None)) == datetime(2026, 7, 3, 12, tzinfo=UTC)


def test_a_sign_of_life_begins_the_wait_anew():
    """An absence, a question, the user's own answer to it."""
    assert ends(asked(correspondence("2026-06-08T10:00"))) == at("2026-06-17T10:00")


def test_a_talk_agreed_on_is_waited_for_but_not_for_ever():
    """Until it was held; an appointment in a year holds nothing up."""
    call = {"meetings": (Meeting(start=at("2026-06-22T10:00").isoformat()),)}
    far = {"meetings": (Meeting(start=at("2027-05-01T10:00").isoformat()),)}
    assert ends(asked(correspondence("2026-06-05T10:00", **call))) == at("2026-07-01T10:00")
    assert ends(asked(correspondence("2026-06-05T10:00", **far))) == at("2026-06-16T10:00")


def test_a_promised_answer_is_waited_for():
    """ "By the end of the month", and two working days."""
    case = asked(correspondence("2026-06-05T10:00", answer_by=date(2026, 6, 30)))
    assert ends(case) == at("2026-07-02T12:00")
