"""What stories have brought to light, each in its smallest form."""

from pathlib import Path

from agent.case import LetterKind, Outcome, State, advance
from agent.case.events import DraftSent, MailMoved, UserAsked
from agent.config.settings import FollowUp
from agent.filing import move_mail
from tests.agent.facts import NOON, T, filed, mail, placed, promised, turned_down
from tests.agent.stage import INVITATION, REJECTION, Stage, eml
from tests.agent.test_interruptions import DAY, HOUR


def test_a_notice_after_an_enquiry_is_decided(tmp_path: Path):
    """The promise of the enquiry counted as the decision about a notice that was still to come."""
    stage = Stage(tmp_path, follow_up=FollowUp(enquire_after=5))
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.turn(after=8 * DAY)
    assert stage.case.state is State.ENQUIRY_DRAFTED
    stage.send_draft(key="enquiry@example.org")
    stage.turn(after=HOUR)
    stage.deliver(eml(REJECTION, key="notice@acme.example", answers="enquiry@example.org"))
    stage.turn(after=HOUR)
    assert stage.case.letter.kind is LetterKind.REQUEST
    assert stage.case.state is State.REQUEST_DRAFTED


def test_an_offer_after_the_end_is_how_it_ended():
    """Thanked, closed, and weeks later the employer comes back: `thanked` is not the whole story."""
    answer = mail("feedback", key="<fb@acme.example>")
    closed = turned_down(
        promised(),
        placed(parent="<notice@acme.example>"),
        DraftSent(at=NOON, message_id="<r@example.org>"),
        filed(answer, T.FEEDBACK),
        promised(LetterKind.THANKS, number=2),
        placed(parent="<fb@acme.example>", asks=False),
        DraftSent(at=NOON, message_id="<t@example.org>"),
    )
    assert closed.outcome is Outcome.THANKED
    later = mail("offer", key="<offer@acme.example>")
    assert advance(closed, filed(later, T.OFFER)).outcome is Outcome.OFFER
    assert advance(closed, filed(later, T.NOTICE)).outcome is Outcome.THANKED


def test_a_new_draft_is_told_as_new(tmp_path: Path):
    """Placed when most of the day was over, it was told as `still unsent` in the moment it was written."""
    stage = Stage(tmp_path)
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.deliver(eml(REJECTION, key="notice@acme.example", answers="invitation@acme.example"))
    stage.turn(after=23 * HOUR)
    assert stage.case.state is State.REQUEST_DRAFTED
    assert [alert.kind for alert in stage.alerts] == ["drafted"]


def test_a_message_moved_to_another_case_gets_no_second_draft(tmp_path: Path):
    """The draft of the first case answers it and lies there still; it is the user's to delete."""
    stage = Stage(tmp_path)
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.deliver(eml(REJECTION, key="notice@acme.example", answers="invitation@acme.example"))
    stage.turn(after=HOUR)
    with stage.journal.writing() as writer:
        (case,) = writer.cases()
        notice = case.notice
        writer.append(case, MailMoved(at=stage.now, key=notice.key, notice=True))
        moved = move_mail(writer, None, notice, stage.now)
        if not moved.asked:
            writer.append(moved, UserAsked(at=stage.now))
    stage.turn(after=HOUR)
    assert len(stage.drafts()) == 1
    assert "still lies in your Drafts" in stage.cases()[1].hindrance
    stage.discard_draft()
    stage.turn(after=HOUR)
    assert len(stage.drafts()) == 1
    assert [case.state for case in stage.cases()] == [State.INTERVIEWED, State.REQUEST_DRAFTED]
