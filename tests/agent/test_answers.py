"""The employer's answer: matched to its case, read, and followed as a person would expect."""

import time
from datetime import timedelta

import pytest

from agent.alerts import AlertKind
from agent.case import Fate, LetterKind, Outcome, State
from agent.filing import asks_back, move_mail
from tests.agent.facts import mail
from tests.agent.stage import FEEDBACK, Stage, eml, interviewed_and_turned_down

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

SENT, THANKS = "sent@example.org", "thanks@example.org"

WHICH = "Hi Ana,\n\nhappy to help. Which of the two positions do you mean?\n\nBest\nJane\n"
CALL = (
    "Hi Ana,\n\nthanks for your note. Would you like to have a short call about it? I am free on Thursday at "
    "15:00.\n\nBest\nJane\n"
)
SHORT = "Hi Ana,\n\nsure. Take it slower when you explain your projects, that is all. Is that useful?\n\nBest\nJane\n"
SOON = "Hi Ana,\n\nsure, you will hear from me by Friday next week.\n\nBest\nJane\n"
NO = (
    "Dear Ana,\n\nthank you for your note. Unfortunately our policy does not allow us to give individual feedback to "
    "applicants.\n\nKind regards\nJane Doe\n"
)
OFFER = (
    "Hi Ana,\n\nthings have changed: we would like to offer you the position of Data Engineer after all. The contract "
    "is attached.\n\nBest\nJane\n"
)
MISTAKE = (
    "Hi Ana,\n\nplease disregard our last mail, it was sent to you by mistake. Your application is still under "
    "consideration.\n\nBest\nJane\n"
)


@pytest.fixture
def asked(stage: Stage) -> Stage:
    """Ana has sent her request; Jane's turn."""
    interviewed_and_turned_down(stage)
    stage.send_draft(key=SENT)
    stage.turn(after=HOUR)
    assert stage.case.state is State.AWAITING_FEEDBACK
    stage.alerts.clear()
    return stage


def jane(
    stage: Stage, text: str, *, key: str = "answer", answers: str | None = SENT, after: timedelta = HOUR, **more: str
):
    """Jane writes; one turn."""
    stage.now += after
    standard = {"subject": "Re: Your application as Data Engineer", "date": stage.now}
    stage.deliver(eml(text, key=f"{key}@acme.example", answers=answers, **(standard | more)))
    stage.turn()


def told(stage: Stage) -> list[str]:
    return [alert.title for alert in stage.alerts if alert.kind is AlertKind.NEWS]


def thanked(stage: Stage, *, key: str = THANKS) -> None:
    stage.send_draft(key=key)
    stage.turn(after=HOUR)


# One answer ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [FEEDBACK, SHORT, NO], ids=["feedback", "a few words and a question", "declined"])
def test_feedback_and_a_refusal_are_thanked_for(asked: Stage, text: str):
    """Some words of advice are feedback, whatever is asked beside them; so much courtesy is due to a no as well."""
    jane(asked, text)
    assert (asked.case.state, asked.case.letter.kind) == (State.THANKS_DRAFTED, LetterKind.THANKS)
    assert told(asked) == []


def test_a_refusal_ends_as_declined(asked: Stage):
    """Nobody is asked twice."""
    jane(asked, NO)
    thanked(asked)
    assert (asked.case.state, asked.case.outcome) == (State.CLOSED, Outcome.DECLINED)


def test_a_question_back_waits_for_the_user(asked: Stage):
    """One alert, no draft; and the wait begins anew."""
    jane(asked, WHICH, after=6 * DAY)
    asked.turn(after=HOUR)
    assert (asked.case.state, asked.drafts()) == (State.AWAITING_FEEDBACK, [])
    assert told(asked) == ["Acme asks you something"]
    asked.turn(after=6 * DAY)
    assert asked.case.state is State.AWAITING_FEEDBACK
    jane(asked, FEEDBACK, key="then")
    assert (asked.case.state, asked.case.answer.key) == (State.THANKS_DRAFTED, "<then@acme.example>")


def test_what_the_user_files_as_an_answer_is_one(asked: Stage):
    """`afterword file` overrules the doubt."""
    jane(asked, WHICH)
    (mail,) = [mail for mail in asked.case.mails if mail.key == "<answer@acme.example>"]
    with asked.journal.writing() as writer:
        assert move_mail(writer, asked.case, mail, asked.now).answered_by == mail.key


def test_a_talk_is_offered(asked: Stage):
    """To talk the feedback over: the case goes on waiting, and the user hears that yes or no is theirs."""
    jane(asked, CALL)
    assert (asked.case.state, asked.drafts()) == (State.AWAITING_FEEDBACK, [])
    assert told(asked) == ["Acme offers to talk"]


def test_a_talk_offered_after_the_thanks_is_no_new_process(asked: Stage):
    """It answers our letter: the case stays closed, so no enquiry will ever follow."""
    jane(asked, FEEDBACK)
    thanked(asked)
    assert asked.case.outcome is Outcome.THANKED
    jane(asked, CALL, key="call", answers=THANKS)
    assert (asked.case.state, told(asked)) == (State.CLOSED, ["Acme offers to talk"])


def test_a_short_word_that_more_will_come_is_waited_for(asked: Stage):
    """At least two working days longer than promised; then the real answer is thanked for."""
    jane(asked, SOON)  # a Monday; Friday next week is 19 June
    assert (asked.case.state, asked.drafts(), told(asked)) == (State.AWAITING_FEEDBACK, [], [])
    asked.turn(after=14 * DAY)
    assert asked.case.state is State.AWAITING_FEEDBACK
    jane(asked, FEEDBACK, key="then")
    assert asked.case.state is State.THANKS_DRAFTED


def test_a_letter_that_came_back_is_told(asked: Stage):
    """Nobody waits for an answer to what was not delivered."""
    bounce = "Your message could not be delivered to jane.doe@acme.example: 550 5.1.1 user unknown.\n"
    jane(asked, bounce, sender="Mail Delivery System <mailer-daemon@acme.example>", Auto_Submitted="auto-replied",
         subject="Undelivered Mail Returned to Sender")  # fmt: skip
    assert told(asked) == ["Your letter to Acme came back"]


@pytest.mark.parametrize(("text", "outcome"), [(OFFER, Outcome.OFFER), (MISTAKE, Outcome.REVERSED)])
def test_an_offer_or_a_reversal_ends_the_asking(asked: Stage, text: str, outcome: Outcome):
    """No letter about a decision that no longer stands."""
    jane(asked, text)
    asked.turn(after=20 * DAY)
    assert (asked.case.state, asked.case.outcome, asked.drafts()) == (State.CLOSED, outcome, [])


@pytest.mark.parametrize(
    ("text", "title"),
    [(OFFER, "An offer: Acme"), (MISTAKE, "The decision was taken back: Acme")],
    ids=["offer", "reversal"],
)
def test_a_draft_that_no_longer_fits_is_named(stage: Stage, text: str, title: str):
    """It cannot be taken away, so the user is told, once."""
    interviewed_and_turned_down(stage)
    jane(stage, text, answers="notice@acme.example")
    stage.turn(after=HOUR)
    assert (told(stage), len(stage.drafts())) == ([title], 1)


# Which case ----------------------------------------------------------------------------------------------------------


def test_an_answer_whose_thread_is_broken_is_known_by_its_writer_and_subject(asked: Stage):
    """Some systems drop References; the person and the subject are left."""
    jane(asked, SHORT, answers=None, subject="AW: Your application as Data Engineer")
    assert asked.case.answered_by == "<answer@acme.example>"


def test_another_subject_by_the_same_person_is_no_answer(asked: Stage):
    """A recruiter writes about other things too."""
    jane(asked, SHORT, answers=None, subject="Summer party")
    assert (asked.case.state, asked.case.answer) == (State.AWAITING_FEEDBACK, None)


def test_feedback_under_another_subject_finds_the_only_letter_to_that_person(asked: Stage):
    """An agency's recruiter names no employer; what is judged feedback is about the one letter sent there."""
    jane(asked, FEEDBACK, answers=None, subject="Some thoughts")
    assert asked.case.answered_by == "<answer@acme.example>"


def test_somebody_else_of_the_house_may_answer(asked: Stage):
    """What answers our letter is an answer, whoever writes it."""
    jane(asked, SHORT, sender="Tom Poe <tom@acme.example>")
    assert asked.case.answered_by == "<answer@acme.example>"


# More than one answer ------------------------------------------------------------------------------------------------


def test_feedback_in_two_mails_is_one_case_and_one_thanks(asked: Stage):
    """The second comes while the thank-you lies in Drafts."""
    jane(asked, FEEDBACK)
    jane(asked, FEEDBACK.replace("SQL", "Python"), key="more")
    assert (len(asked.cases()), len(asked.drafts())) == (1, 1)
    assert [letter.kind for letter in asked.case.letters] == [LetterKind.REQUEST, LetterKind.THANKS]


def test_feedback_after_the_thanks_is_told_and_not_thanked_again(asked: Stage):
    """It is kept for the lessons; a second thank-you would be one too many."""
    jane(asked, FEEDBACK)
    thanked(asked)
    jane(asked, FEEDBACK.replace("SQL", "Python"), key="more", answers=THANKS)
    assert (asked.case.state, asked.drafts()) == (State.CLOSED, [])
    assert "Python" in asked.case.answer.text
    assert told(asked) == ["More feedback from Acme"]


def test_feedback_after_thanks_for_a_mere_word_is_thanked_for(asked: Stage):
    """Thanked for "let me see what I can do", but not yet for the feedback itself."""
    jane(
        asked, "Hi Ana,\n\nof course, I will ask the two colleagues who talked to you and see what they say.\n\nJane\n"
    )
    assert asked.case.state is State.THANKS_DRAFTED
    thanked(asked)
    if asked.case.state is State.CLOSED:
        assert asked.case.outcome is Outcome.THANKED
    jane(asked, FEEDBACK, key="more", answers=THANKS)
    assert (asked.case.state, asked.case.letter.kind, asked.case.letter.number) == (
        State.THANKS_DRAFTED,
        LetterKind.THANKS,
        3,
    )


def test_feedback_after_a_thrown_away_request_is_thanked_for(stage: Stage):
    """Asked on the phone, say: the veto was about the request."""
    interviewed_and_turned_down(stage)
    stage.discard_draft()
    stage.turn(after=HOUR)
    stage.turn(after=HOUR)
    assert stage.case.letter.fate is Fate.DISCARDED
    jane(stage, FEEDBACK, answers="notice@acme.example")
    assert stage.case.state is State.THANKS_DRAFTED


def test_feedback_twice_then_an_offer(asked: Stage):
    """The case ends with the offer, and the thank-you that lies in Drafts is named."""
    jane(asked, FEEDBACK)
    jane(asked, FEEDBACK.replace("SQL", "Python"), key="more")
    jane(asked, OFFER, key="offer")
    assert (asked.case.outcome, told(asked)) == (Outcome.OFFER, ["An offer: Acme"])


# What is only a question ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Hi Ana,\n\nwhich position do you mean?", True),
        ("Dear Ana,\n\nthank you for your mail. Would next Tuesday suit you for a short talk?", True),
        ("Liebe Frau Sousa,\n\ngern. Auf welche der beiden Stellen beziehen Sie sich?", True),
        ("Bonjour,\n\nbien sûr. De quel poste parlez-vous ?", True),
        ("ソウザ様\n\nご連絡ありがとうございます。どのポジションについてのご質問でしょうか？", True),
        (
            "Hi Ana,\n\nyour talk was clear. Slow down in the details, and leave time for questions at the end. OK?",
            False,
        ),
        (
            "Liebe Frau Sousa,\n\nIhr Vortrag war stark, im Gespräch fehlten uns Beispiele aus der Praxis. Hilft das?",
            False,
        ),
        ("Hi Ana,\n\nwork on your SQL.", False),
        ("?", True),
        ("", False),
    ],
)
def test_a_question_and_next_to_nothing_else_is_no_answer(text: str, asks: bool):
    """In any language, by its marks and its length."""
    assert asks_back(mail(text=text)) is asks


@pytest.mark.parametrize("text", ["? " * 50_000, "a" * 200_000 + "?", "a. " * 50_000, "\n" * 200_000], ids=range(4))
def test_no_text_takes_long(text: str):
    """Mail is hostile."""
    begun = time.monotonic()
    asks_back(mail(text=text))
    assert time.monotonic() - begun < 2


def test_without_its_text_the_verdict_alone_tells():
    """As when it is read again from the journal."""
    assert asks_back(mail("question"))
    assert not asks_back(mail("none"))
