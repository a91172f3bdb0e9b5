"""Whom the letters after the request go to: thanks, close and enquiry."""

from agent.case import Case, LetterKind, Mail, Meeting, Trigger
from agent.case.events import DraftPlaced, DraftSent
from agent.correspondents import FoundBy, find
from tests.agent.facts import NOON, case_of, filed, hours, mail, placed, promised
from tests.agent.test_correspondents import ANA, JANE, NOBODY, TOM, case_with, found, invitation, notice

ASKED = (promised(), placed(parent="<notice@ats.example>"))
SENT = DraftSent(at=NOON + hours(1), message_id="<sent@example.org>", to=("jane@acme.example",))


def answered(*more: Mail, to: str = "jane@acme.example") -> Case:
    """The request was sent and lies in Sent."""
    own = mail(
        sender="ana@example.org",
        key="<sent@example.org>",
        references=("<notice@ats.example>",),
        recipients=(to,),
        outgoing=True,
        arrived=NOON + hours(1),
    )
    told = notice(sender="jane@acme.example")
    triggers = {"feedback": Trigger.FEEDBACK, "feedback_declined": Trigger.DECLINE}
    return case_of(
        filed(told, Trigger.NOTICE),
        *ASKED,
        filed(own, Trigger.OWN_MAIL),
        SENT,
        *(filed(each, triggers[each.meaning]) for each in more),
    )


def test_thanks_go_to_whoever_gave_the_feedback() -> None:
    """In its thread, though the request went to another person."""
    answer = mail("feedback", sender="tom@acme.example", key="<answer@acme.example>", arrived=NOON + hours(30))
    assert found(answered(answer), LetterKind.THANKS) == ("tom@acme.example", "sender", "<answer@acme.example>")


def test_feedback_through_a_system_is_thanked_for_where_it_was_asked() -> None:
    """The system's address reads nothing; the person who was asked does."""
    answer = mail("feedback", sender=NOBODY, key="<answer@ats.example>", arrived=NOON + hours(30))
    assert found(answered(answer), LetterKind.THANKS) == ("jane@acme.example", "earlier_letter", "<sent@example.org>")


def test_a_close_goes_where_the_request_went() -> None:
    """Same person, same thread: it answers what the user sent, with the name known from before."""
    whom = find(answered(), LetterKind.CLOSE, own=ANA)
    assert (whom.person, whom.found_by) == (JANE, FoundBy.EARLIER_LETTER)
    assert whom.parent
    assert whom.parent.key == "<sent@example.org>"


def test_a_close_goes_to_whom_the_user_really_wrote() -> None:
    """The user changed the recipient before sending."""
    assert found(answered(to="tom@acme.example"), LetterKind.CLOSE)[0] == "tom@acme.example"


def test_a_close_without_the_sent_mail_answers_what_the_request_answered() -> None:
    """Sent mail is not always kept where we see it."""
    case = case_of(filed(notice(sender="jane@acme.example"), Trigger.NOTICE), *ASKED, SENT)
    assert found(case, LetterKind.CLOSE) == ("jane@acme.example", "earlier_letter", "<notice@ats.example>")


def test_an_enquiry_goes_to_the_inviter_and_the_second_to_the_same() -> None:
    """Each in its thread."""
    asked = case_with(None, invitation())
    assert found(asked, LetterKind.ENQUIRY) == ("jane@acme.example", "inviter", "<invitation@acme.example>")
    meeting = Meeting(start="2026-05-28", organizer=TOM)
    placed_to_tom = DraftPlaced(at=NOON, ref="r", to=TOM, found_by="organizer", parent=None, asks=True)
    again = case_of(
        filed(invitation(meetings=(meeting,)), Trigger.INTERVIEW),
        promised(LetterKind.ENQUIRY),
        placed_to_tom,
        DraftSent(at=NOON, message_id=None, to=("tom@acme.example",)),
    )
    assert found(again, LetterKind.ENQUIRY) == ("tom@acme.example", "earlier_letter", None)
