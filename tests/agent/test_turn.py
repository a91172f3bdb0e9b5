"""One pass after another, on the memory connector, with the real rules and letters."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from agent.alerts import AlertKind
from agent.case import Fate, LetterKind, Outcome, State
from agent.case.events import UserAsked, UserClosed
from agent.config.settings import FollowUp, Quiet
from agent.journal import Journal
from connectors.port import Refused
from tests.agent.stage import ANA, FEEDBACK, INVITATION, JANE, REJECTION, START, Stage, eml

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def stage(tmp_path: Path):
    stage = Stage(tmp_path)
    yield stage
    stage.journal.close()


def interviewed_and_turned_down(stage: Stage) -> None:
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.deliver(
        eml(REJECTION, key="notice@acme.example", answers="invitation@acme.example"), arrived=stage.now + 5 * DAY
    )
    stage.turn(after=5 * DAY)


def test_from_the_no_to_the_thank_you(stage: Stage):
    """The whole story, and what lies in Drafts at each step."""
    interviewed_and_turned_down(stage)
    assert stage.case.state is State.REQUEST_DRAFTED
    (draft,) = stage.drafts()
    assert draft["To"] == "Jane Doe <jane.doe@acme.example>"
    assert draft["From"] == f"Ana Sousa <{ANA}>"
    assert draft["Subject"] == "Re: Your application as Data Engineer"
    assert draft["In-Reply-To"] == "<notice@acme.example>"
    assert draft["References"].split() == ["<invitation@acme.example>", "<notice@acme.example>"]
    stage.now += HOUR
    stage.send_draft(key="minted@example.org")
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.letter.fate) == (State.AWAITING_FEEDBACK, Fate.SENT)
    stage.now += DAY
    stage.deliver(
        eml(FEEDBACK, key="feedback@acme.example", answers="minted@example.org", subject="Re: Your application")
    )
    stage.turn()
    assert (stage.case.state, stage.case.letter.kind) == (State.THANKS_DRAFTED, LetterKind.THANKS)
    (thanks,) = stage.drafts()
    assert thanks["In-Reply-To"] == "<feedback@acme.example>"
    assert "trade-offs" in stage.case.answer.text
    stage.now += HOUR
    stage.send_draft(key="thanks@example.org")
    stage.turn()
    assert stage.case.state in (State.CLOSED, State.AWAITING_FEEDBACK)


def test_a_turn_without_news_changes_nothing(stage: Stage):
    """Repeating is safe: no event, no draft, no alert twice."""
    interviewed_and_turned_down(stage)
    before = stage.case, len(stage.drafts()), len(stage.alerts)
    for _ in range(3):
        stage.turn(after=timedelta(minutes=5))
    assert (stage.case, len(stage.drafts()), len(stage.alerts)) == before


def test_the_brake_holds_letters_not_events(stage: Stage):
    """Past the limit the cases rest, noted as held; the user's word moves one on."""
    stage.brake = 2
    stage.__post_init__()
    for number in range(4):
        sender = f"Kim <kim@firm{number}.example>"
        text = REJECTION.replace("Acme", f"Firm{number}").replace("Jane Doe", "Kim")
        stage.deliver(eml(text, key=f"n{number}@x.example", sender=sender))
    stage.turn()
    assert len(stage.drafts()) == 2
    held = stage.cases(State.NOTED)
    assert [case.note for case in held] == ["held", "held"]
    with stage.journal.writing() as writer:
        writer.append(held[0], UserAsked(at=stage.now))
    stage.turn(after=HOUR)
    assert len(stage.drafts()) == 3


def test_old_notices_are_recorded_on_the_first_run(stage: Stage):
    """Only those younger than `lookback` get a draft."""
    stage.deliver(eml(REJECTION, key="old@acme.example"), arrived=START - 10 * DAY)
    stage.turn()
    assert (stage.case.state, stage.case.note, stage.drafts()) == (State.NOTED, "old", [])


def test_a_discarded_draft_is_never_written_again(stage: Stage):
    """A veto, believed after the grace time."""
    interviewed_and_turned_down(stage)
    stage.discard_draft()
    stage.turn(after=timedelta(minutes=1))
    assert stage.case.state is State.REQUEST_DRAFTED
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.outcome) == (State.CLOSED, Outcome.DISCARDED)
    for _ in range(3):
        stage.turn(after=DAY)
    assert stage.drafts() == []


def test_an_edited_draft_is_never_touched(stage: Stage):
    """Told once if it breaks a tone rule, and left as the user wrote it."""
    interviewed_and_turned_down(stage)
    stage.edit_draft(b"Ana Sousa\r\n", b"Why was I not chosen?\r\nAna Sousa\r\n", key="edited@example.org")
    (before,) = [one.raw for one in stage.server.stored("Drafts")]
    stage.turn(after=HOUR)
    stage.turn(after=HOUR)
    assert stage.case.letter.fate is Fate.EDITED
    assert [alert.kind for alert in stage.alerts].count(AlertKind.TONE) == 1
    assert [one.raw for one in stage.server.stored("Drafts")] == [before]


def test_the_users_own_answer_makes_the_letter_moot(stage: Stage):
    """Written before the daemon looked: no draft at all."""
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.deliver(eml(REJECTION, key="notice@acme.example", answers="invitation@acme.example"))
    stage.now += HOUR
    stage.send(eml("Thanks, all the best!", key="own@example.org", sender=ANA, to=JANE, answers="notice@acme.example"))
    stage.turn()
    assert (stage.case.state, stage.case.note, stage.drafts()) == (State.NOTED, "answered", [])


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


def test_an_interview_that_stands_later_in_the_batch_counts(stage: Stage):
    """Policy decides once the account has caught up."""
    rejection = "Dear Ana, we have decided to move forward with another candidate. Kind regards, Acme careers"
    sender = "Acme <no-reply@acme.example>"
    stage.deliver(eml(rejection, key="notice@acme.example", sender=sender), arrived=START)
    stage.deliver(eml(INVITATION, key="invitation@acme.example"), arrived=START)
    stage.turn()
    (case,) = [case for case in stage.cases() if case.notice]
    assert (case.stage, case.state) == ("interviewed", State.REQUEST_DRAFTED)
    (draft,) = stage.drafts()
    assert (draft["To"], draft["In-Reply-To"]) == ("Jane Doe <jane.doe@acme.example>", "<invitation@acme.example>")


def test_the_invitation_may_be_older_than_our_eyes(stage: Stage):
    """One bounded search back finds the interview that the first run did not read."""
    stage.deliver(eml(INVITATION, key="invitation@acme.example"), arrived=START - 60 * DAY)
    stage.turn()
    assert stage.cases() == []
    rejection = "Dear Ana, we have decided to move forward with another candidate for the Data Engineer position."
    stage.deliver(eml(rejection, key="notice@acme.example", sender="Acme <no-reply@acme.example>"))
    stage.turn()
    assert (stage.case.stage, stage.case.state) == ("interviewed", State.REQUEST_DRAFTED)


def test_two_live_applications_and_a_notice_that_names_neither(stage: Stage):
    """Unsure: no letter as long as only a machine wrote; the candidates are named."""
    stage.deliver(eml(INVITATION, key="one@acme.example"))
    stage.deliver(eml(INVITATION.replace("Data Engineer", "Accountant"), key="two@acme.example", subject="Interview"))
    stage.turn()
    assert len(stage.cases(State.INTERVIEWED)) == 2
    stage.deliver(
        eml(
            "Dear applicant, unfortunately we have decided to move forward with other candidates. Your Acme team",
            key="notice@acme.example",
            sender="Acme <no-reply@acme.example>",
            subject="Your application at Acme",
        )
    )
    stage.turn()
    (case,) = stage.cases(State.NOTED)
    assert case.note == "unsure"
    assert set(case.candidates) == {one.id for one in stage.cases(State.INTERVIEWED)}
    assert stage.drafts() == []


def test_a_forgotten_cursor_repeats_nothing(stage: Stage):
    """UIDVALIDITY changed: read again from a date, every message known."""
    interviewed_and_turned_down(stage)
    before = stage.case
    stage.server.renumber()
    stage.turn(after=HOUR)
    assert (stage.case.mails, len(stage.drafts())) == (before.mails, 1)


def test_an_unwritable_drafts_folder_is_told_and_tried_again(stage: Stage):
    """Nothing lost: the promise waits, and the next turn keeps it."""

    class Full:
        def __init__(self, mailbox):
            self._mailbox = mailbox

        def __getattr__(self, name):
            return getattr(self._mailbox, name)

        def place_draft(self, _draft):
            raise Refused("Drafts is over its quota; free some space")

    stage.wrap = Full
    interviewed_and_turned_down(stage)
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.hindrance) == (State.REQUEST_DUE, "Drafts is over its quota; free some space")
    assert [alert.kind for alert in stage.alerts].count(AlertKind.HINDERED) == 1
    stage.wrap = None
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.hindrance, len(stage.drafts())) == (State.REQUEST_DRAFTED, None, 1)


def test_reminders_are_told_once(stage: Stage):
    """That a draft lies there, then 8 and 2 hours before the end."""
    interviewed_and_turned_down(stage)
    for _ in range(30):
        stage.turn(after=HOUR)
    told = [alert.title for alert in stage.alerts]
    assert told == ["A draft for Acme", "8 h left to ask Acme", "2 h left to ask Acme"]


def test_the_journal_reads_back_what_the_turns_wrote(stage: Stage):
    """Another look at the file by another program gives the same cases."""
    interviewed_and_turned_down(stage)
    again = Journal(stage.settings.store)
    with again.writing() as writer:
        assert writer.replayed(stage.case.id) == stage.case
    again.close()


def test_sent_and_answered_while_the_machine_slept(stage: Stage):
    """The sent copy and the employer's answer are read in one turn: the answer is feedback, and is thanked for."""
    interviewed_and_turned_down(stage)
    stage.now += HOUR
    stage.send_draft(key="minted@example.org")
    stage.now += DAY
    vague = "Hi Ana,\n\nsure. Take it slower when you explain your projects, that is all.\n\nBest\nJane\n"
    stage.deliver(eml(vague, key="answer@acme.example", answers="minted@example.org", subject="Re: Your application"))
    stage.turn()
    first, second = stage.case.letters
    assert (first.fate, second.kind, stage.case.state) == (Fate.SENT, LetterKind.THANKS, State.THANKS_DRAFTED)
    assert "slower" in stage.case.answer.text


def three_drafts(stage: Stage) -> None:
    for name in ("Birkenhof", "Cobalt", "Dunes"):
        sender = f"Kim Lee <kim@{name.lower()}.example>"
        text = REJECTION.replace("Acme", name).replace("Jane Doe", "Kim Lee")
        stage.deliver(eml(text, key=f"n@{name.lower()}.example", sender=sender))
    stage.turn()
    assert len(stage.drafts()) == 3


def test_three_drafts_gone_at_once_are_asked_about_before_it_is_believed(stage: Stage):
    """One alert, held for a day; then believed."""
    three_drafts(stage)
    for _ in range(3):
        stage.discard_draft()
    stage.turn(after=timedelta(minutes=1))
    stage.turn(after=2 * HOUR)
    assert len(stage.cases(State.REQUEST_DRAFTED)) == 3
    assert [alert.kind for alert in stage.alerts].count(AlertKind.CROWD) == 1
    stage.turn(after=DAY)
    assert [case.outcome for case in stage.cases()] == [Outcome.DISCARDED] * 3


def test_three_drafts_sent_at_once_are_simply_sent(stage: Stage):
    """Gone, but each has its copy in Sent: no alert."""
    three_drafts(stage)
    for number in range(3):
        stage.send_draft(key=f"sent{number}@example.org")
    stage.turn(after=timedelta(minutes=1))
    assert len(stage.cases(State.AWAITING_FEEDBACK)) == 3
    assert AlertKind.CROWD not in [alert.kind for alert in stage.alerts]


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


def test_closed_and_asked_again_the_draft_that_lies_there_is_enough(stage: Stage):
    """One open draft a thread, whatever the user says in between."""
    interviewed_and_turned_down(stage)
    with stage.journal.writing() as writer:
        writer.append(stage.case, UserClosed(at=stage.now), UserAsked(at=stage.now))
    stage.turn(after=HOUR)
    assert (stage.case.state, len(stage.drafts())) == (State.REQUEST_DRAFTED, 1)
    stage.send_draft(key="minted@example.org")
    stage.turn(after=HOUR)
    assert stage.case.state is State.AWAITING_FEEDBACK
