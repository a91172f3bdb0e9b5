"""One pass after another, on the memory connector, with the real rules and letters."""

from datetime import timedelta

from agent.alerts import AlertKind
from agent.case import Fate, LetterKind, State
from agent.case.events import UserAsked
from agent.journal import Journal
from connectors.port import Refused
from tests.agent.stage import ANA, FEEDBACK, INVITATION, REJECTION, START, Stage, eml, interviewed_and_turned_down

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


def test_employers_who_follow_each_other_get_different_texts(stage: Stage):
    """The wordings take turns, from one turn to the next as well."""
    texts = []
    for number in range(3):
        sender = f"Kim <kim@firm{number}.example>"
        text = REJECTION.replace("Acme", f"Firm{number}").replace("Jane Doe", "Kim")
        stage.deliver(eml(text, key=f"n{number}@x.example", sender=sender, date=stage.now))
        stage.turn(after=HOUR)
        texts.append(stage.drafts()[-1].get_content().replace(f"Firm{number}", ""))
    assert len(stage.drafts()) == len(set(texts)) == 3


def test_old_notices_are_recorded_on_the_first_run(stage: Stage):
    """Only those younger than `lookback` get a draft."""
    stage.deliver(eml(REJECTION, key="old@acme.example"), arrived=START - 10 * DAY)
    stage.turn()
    assert (stage.case.state, stage.case.note, stage.drafts()) == (State.NOTED, "old", [])


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


def test_the_journal_reads_back_what_the_turns_wrote(stage: Stage):
    """Another look at the file by another program gives the same cases."""
    interviewed_and_turned_down(stage)
    again = Journal(stage.settings.store)
    with again.writing() as writer:
        assert writer.replayed(stage.case.id) == stage.case
    again.close()
