"""What the user did with a draft: told from Drafts and Sent, never from a Message-ID."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.case import Case, LetterKind, Meeting, Person
from agent.case.events import DraftDiscarded, DraftEdited, DraftMissed, DraftSent, Event, Noted, UserAsked
from agent.fate import CROWD_GRACE, GRACE, settle
from connectors.port import Changed, Gone, Untouched
from tests.agent.facts import NOON, NOTICE, T, case_of, drafted, filed, hours, mail, placed, promised

LATER = NOON + hours(2)


def own(**fields: object) -> Event:
    """The user's own mail; its Message-ID is never the draft's."""
    standard = {"key": "<minted-by-the-client@example.org>", "outgoing": True, "arrived": NOON + hours(1)}
    standard["recipients"] = ("jane@acme.example",)
    return filed(mail(sender="ana@example.org", **{**standard, **fields}), T.OWN_MAIL)


def look(case: Case, lying: object, *, crowd: bool = False, now: object = LATER) -> Event | None:
    return settle(case, case.letter, lying, now, crowd=crowd, check=lambda text: ["rule"] if "why" in text else [])


ANSWERS_PARENT = own(references=(NOTICE.message_id,))


def test_lying_there_untouched_says_nothing():
    """Pending."""
    assert look(drafted(), Untouched()) is None


def test_gone_and_a_sent_message_references_the_parent():
    """Sent: the real Message-ID is kept for the answers to come."""
    event = look(drafted(ANSWERS_PARENT), Gone())
    assert isinstance(event, DraftSent)
    assert (event.answered, event.message_id) == (False, "<minted-by-the-client@example.org>")


def test_still_there_and_a_sent_message_references_the_parent():
    """Answered: the user wrote on their own."""
    event = look(drafted(ANSWERS_PARENT), Untouched())
    assert isinstance(event, DraftSent)
    assert event.answered


@pytest.mark.parametrize(
    "other",
    [
        own(references=("<something-else@x.example>",)),
        own(references=(NOTICE.message_id,), arrived=NOON - hours(1)),
        filed(mail(references=(NOTICE.message_id,), arrived=NOON + hours(1)), T.CORRESPONDENCE),
    ],
    ids=["another thread", "before the draft", "not by the user"],
)
def test_other_mail_is_no_answer(other: Event):
    """Neither another thread, nor an older mail, nor somebody else's."""
    assert isinstance(look(drafted(other), Gone()), DraftMissed)


def test_a_shared_provider_thread_is_enough():
    """Gmail and Graph: the conversation, where a client drops References."""
    notice = mail("rejection", key="<n@acme.example>", thread="t1")
    case = case_of(filed(notice, T.NOTICE), promised(), placed(parent="<n@acme.example>"), own(thread="t1"))
    assert isinstance(look(case, Gone()), DraftSent)


def test_a_fresh_letter_is_known_by_its_recipient():
    """Without a parent nothing else is left."""
    case = case_of(
        filed(NOTICE, T.NOTICE),
        promised(),
        placed(parent=None, to="Bob@acme.example"),
        own(recipients=("bob@acme.example",)),
    )
    assert isinstance(look(case, Gone()), DraftSent)


def test_gone_is_believed_after_a_grace_time():
    """A client that syncs by halves removes the draft first."""
    missed = look(drafted(), Gone())
    assert isinstance(missed, DraftMissed)
    case = drafted(missed)
    assert look(case, Gone(), now=LATER + GRACE - timedelta(seconds=1)) is None
    assert isinstance(look(case, Gone(), now=LATER + GRACE), DraftDiscarded)


def test_many_gone_at_once_are_believed_after_a_day():
    """An emptied folder is not a hundred vetoes."""
    case = drafted(DraftMissed(at=LATER))
    assert look(case, Gone(), crowd=True, now=LATER + GRACE) is None
    assert isinstance(look(case, Gone(), crowd=True, now=LATER + CROWD_GRACE), DraftDiscarded)


def test_back_again_is_forgotten():
    """The next time it is gone the grace begins anew."""
    event = look(drafted(DraftMissed(at=LATER)), Untouched())
    assert event == DraftMissed(at=LATER, back=True)


def test_an_edit_is_told_once_and_checked():
    """Each new text once, with the tone rules that it breaks."""
    event = look(drafted(), Changed("why not me"))
    assert isinstance(event, DraftEdited)
    assert event.breaches == ("rule",)
    assert look(drafted(event), Changed("why not me")) is None
    assert isinstance(look(drafted(event), Changed("thank you")), DraftEdited)


def test_only_thanks_wait_for_another_answer():
    """A request that asks is simply sent; a thank-you with a question waits on."""
    assert look(drafted(ANSWERS_PARENT), Gone()).trigger is T.SENT
    answer = mail("feedback", key="<fb@acme.example>")
    thanks = promised(LetterKind.THANKS, number=2)
    case = drafted(
        DraftSent(at=NOON, message_id="<r@example.org>"), filed(answer, T.FEEDBACK), thanks,
        placed(parent="<fb@acme.example>", asks=True), own(references=("<fb@acme.example>",)),
    )  # fmt: skip
    assert look(case, Gone()).trigger is T.SENT_WITH_QUESTION


def test_a_letter_to_nobody_yet_is_known_by_its_subject():
    """Neither parent nor recipient: the user filled in an address and sent it."""
    to_nobody = replace(placed(parent=None), to=None, subject="Thank you for the interview, and one question")
    sent = own(recipients=("somebody@acme.example",), subject="Thank you for the interview, and one question")
    other = own(recipients=("somebody@acme.example",), subject="Lunch?")
    start = (filed(NOTICE, T.NOTICE), promised(), to_nobody)
    assert isinstance(look(case_of(*start, sent), Gone()), DraftSent)
    assert isinstance(look(case_of(*start, other), Gone()), DraftMissed)


# Who was written to --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipients", "subject", "sent"),
    [
        (("jane@acme.example",), "Re: Your application", True),
        (("tom@acme.example",), "Re: Your application", True),  # somebody of the same house
        (("jane@acme.example", "ben@friends.example"), "Re: Your application", True),
        (("ben@friends.example",), "Fwd: Your application", False),
        (("ben@friends.example",), "Re: Your application", True),  # the draft itself, sent elsewhere by the user
        ((), "Re: Your application", True),  # all in Bcc
    ],
)
def test_a_rejection_passed_on_to_a_friend_answers_nobody(recipients: tuple[str, ...], subject: str, sent: bool):
    """Clients give a forward the same References; but it goes to others, under another subject."""
    placing = replace(placed(parent=NOTICE.message_id), subject="Re: Your application")
    own_mail = own(references=(NOTICE.message_id,), recipients=recipients, subject=subject)
    event = look(case_of(filed(NOTICE, T.NOTICE), promised(), placing, own_mail), Gone())
    assert isinstance(event, DraftSent) is sent


def test_somebody_met_in_the_interview_is_one_of_them():
    """A person is known by the calendar part too; with freemail the whole address counts."""
    met = Meeting(start="2026-06-01T10:00:00+00:00", attendees=(Person(address="tom.interviewer@gmail.com"),))
    interview = filed(mail("interview", meetings=(met,), arrived=NOON - hours(100)), T.INTERVIEW)
    start = (interview, filed(NOTICE, T.NOTICE), promised(), placed(parent=NOTICE.message_id))
    to_tom = own(references=(NOTICE.message_id,), recipients=("tom.interviewer@gmail.com",))
    to_a_stranger = own(references=(NOTICE.message_id,), recipients=("stranger@gmail.com",))
    assert isinstance(look(case_of(*start, to_tom), Gone()), DraftSent)
    assert isinstance(look(case_of(*start, to_a_stranger), Gone()), DraftMissed)


# When ----------------------------------------------------------------------------------------------------------------


def test_words_written_before_the_draft_was_placed_count_when_they_are_seen_later():
    """The other account's thread was slower: the user had answered before the draft came."""
    start = (
        filed(NOTICE, T.NOTICE),
        promised(at=NOON + hours(5)),
        placed(at=NOON + hours(5), parent=NOTICE.message_id),
    )
    event = look(case_of(*start, ANSWERS_PARENT), Untouched(), now=NOON + hours(6))
    assert isinstance(event, DraftSent)
    assert event.answered
    gone = look(case_of(*start, ANSWERS_PARENT), Gone(), now=NOON + hours(6))
    assert gone.answered, "the user wrote, then removed our draft: it was not the draft that was sent"


def test_who_asked_for_a_letter_after_answering_gets_one():
    """`afterword ask`: what was written before is known, and a letter is wanted all the same."""
    asked = UserAsked(at=NOON + hours(4))
    start = (filed(NOTICE, T.NOTICE), ANSWERS_PARENT, Noted(at=NOON + hours(2), reason="answered"), asked)
    case = case_of(*start, promised(at=NOON + hours(5)), placed(at=NOON + hours(5), parent=NOTICE.message_id))
    assert look(case, Untouched(), now=NOON + hours(6)) is None


def test_the_request_itself_is_not_taken_for_the_thanks():
    """One Gmail thread, and an answer within the minute."""
    notice = mail("rejection", key="<n@acme.example>", thread="t1")
    request = own(key="<r@example.org>", thread="t1", arrived=NOON + hours(1))
    answer = mail("feedback", key="<fb@acme.example>", thread="t1", arrived=NOON + hours(1) + timedelta(minutes=1))
    case = case_of(
        filed(notice, T.NOTICE), promised(), placed(parent="<n@acme.example>"), request,
        DraftSent(at=NOON + hours(1), message_id="<r@example.org>", thread="t1"), filed(answer, T.FEEDBACK),
        promised(LetterKind.THANKS, number=2, at=NOON + hours(2)),
        placed(at=NOON + hours(2), parent="<fb@acme.example>"),
    )  # fmt: skip
    assert look(case, Untouched(), now=NOON + hours(3)) is None


# Answers that come before the sent copy ------------------------------------------------------------------------------


def answer(*references: str, **fields: object) -> Event:
    standard = {"key": "<answer@acme.example>", "arrived": NOON + hours(1), "references": references}
    return filed(mail(**{**standard, **fields}), T.CORRESPONDENCE)


@pytest.mark.parametrize(
    ("came", "gone", "sent_id"),
    [
        (answer(NOTICE.message_id, "<unseen@client.example>"), True, "<unseen@client.example>"),
        (answer(NOTICE.message_id, "<unseen@client.example>"), False, None),
        (answer(NOTICE.message_id, "<letter-1@example.org>"), False, "<letter-1@example.org>"),
        (answer(NOTICE.message_id), True, None),  # they wrote twice, and answered nothing
        (answer("<unseen@client.example>"), True, None),  # not below the letter's parent
        (answer(NOTICE.message_id, "<unseen@client.example>", sender="eve@else.example"), True, None),
        (answer(NOTICE.message_id, "<unseen@client.example>", arrived=NOON - hours(1)), True, None),
    ],
    ids=["gone", "still there", "the draft's own id", "no answer", "another thread", "somebody else", "earlier"],
)
def test_an_answer_tells_of_a_sending_that_nobody_saw(came: Event, gone: bool, sent_id: str | None):
    """Sent lags behind, or is kept on another machine: they answer, below our parent, a message unknown here."""
    event = look(drafted(came), Gone() if gone else Untouched())
    assert (event.message_id if isinstance(event, DraftSent) else None) == sent_id
