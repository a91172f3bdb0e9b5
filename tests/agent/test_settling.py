"""What becomes of a draft, told from the mailboxes: settled once, believed in time, never touched."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

from agent.alerts import AlertKind
from agent.case import Fate, LetterKind, Outcome, State
from agent.case.events import UserAsked, UserClosed
from agent.turn import Given, turn
from connectors.account import Account
from connectors.memory import SENT, MemoryServer, open_mailbox
from tests.agent.stage import (
    ANA,
    FEEDBACK,
    INVITATION,
    JANE,
    REJECTION,
    Stage,
    books,
    eml,
    interviewed_and_turned_down,
    with_new_id,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


def test_a_damaged_reference_stops_nothing(stage: Stage):
    """Nothing is concluded about that draft, nothing is written again, and the turn goes on."""
    interviewed_and_turned_down(stage)
    stage.discard_draft()
    with sqlite3.connect(stage.folder / "afterword.db") as store:
        store.execute("UPDATE snapshot SET body = json_set(body, '$.letters[0].ref', '{}')")
    for _ in range(2):
        stage.turn(after=HOUR)
    assert (stage.case.state, stage.drafts()) == (State.REQUEST_DRAFTED, [])
    with stage.journal.reading() as reader:
        assert reader.account("home").last_turn == stage.now


def test_an_edited_draft_is_never_touched(stage: Stage):
    """Told once if it breaks a tone rule, and left as the user wrote it."""
    interviewed_and_turned_down(stage)
    stage.edit_draft(b"Ana Sousa\r\n", b"Why was I not chosen?\r\nAna Sousa\r\n", key="edited@example.org")
    (before,) = [one.raw for one in stage.server.stored("Drafts")]
    stage.turn(after=HOUR)
    stage.turn(after=HOUR)
    assert stage.case.letter.fate is Fate.EDITED
    (alert,) = [alert for alert in stage.alerts if alert.kind is AlertKind.TONE]
    assert alert.sentence.startswith("The letter asks for reasons. Better: ")
    assert "Why was I" not in alert.sentence, "no word of the user's own mail"
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


# From another account ------------------------------------------------------------------------------------------------


WORK = Account(name="work", connector="maildir", addresses=("ana@work.example",))


class Elsewhere:
    """The user's second mailbox, with a thread of its own."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.server = stage, MemoryServer()
        stage.settings = replace(stage.settings, accounts=(*stage.settings.accounts, WORK))

    def sends(self, key: str, *, answers: str | None = "notice@acme.example") -> None:
        raw = eml("Thank you, Jane!", key=key, sender="ana@work.example", to=JANE, answers=answers, date=self.stage.now)
        self.server.add(SENT, raw, arrived=self.stage.now, flags=("Seen",))

    def turn(self) -> None:
        stage = self.stage
        with open_mailbox(self.server, WORK) as mailbox:
            turn(
                Given(
                    mailbox=mailbox,
                    account=WORK,
                    settings=stage.settings,
                    books=books(),
                    journal=stage.journal,
                    now=stage.now,
                    tell=stage.alerts.append,
                )
            )


def test_an_answer_from_another_account_counts(stage: Stage):
    """Sent mail of all accounts: the draft in the first is answered, whoever looks first."""
    elsewhere = Elsewhere(stage)
    elsewhere.turn()
    interviewed_and_turned_down(stage)
    stage.now += HOUR
    elsewhere.sends("own@work.example")
    elsewhere.turn()
    stage.turn()
    assert (stage.case.account, stage.case.state) == ("home", State.AWAITING_FEEDBACK)
    assert (stage.case.letter.fate, stage.case.letter.sent_id) == (Fate.ANSWERED, "<own@work.example>")


def test_an_answer_from_another_account_before_the_draft_was_placed(stage: Stage):
    """Answered on the phone on Saturday; the laptop wakes on Monday, and the other account's thread is slower."""
    elsewhere = Elsewhere(stage)
    elsewhere.turn()
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.deliver(eml(REJECTION, key="notice@acme.example", answers="invitation@acme.example"))
    stage.now += HOUR
    elsewhere.sends("own@work.example")
    stage.turn(after=2 * DAY)
    assert stage.case.state is State.REQUEST_DRAFTED, "nobody could know"
    elsewhere.turn()
    stage.turn()
    assert (stage.case.state, stage.case.letter.fate) == (State.AWAITING_FEEDBACK, Fate.ANSWERED)


def test_a_rejection_passed_on_before_the_daemon_looked_is_no_answer(stage: Stage):
    """Sent to a friend, with References: the request is drafted all the same."""
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.deliver(eml(REJECTION, key="notice@acme.example", answers="invitation@acme.example"))
    forward = {"to": "ben@friends.example", "subject": "Fwd: Your application"}
    stage.now += HOUR
    stage.send(eml("Oh no.", key="fwd@example.org", sender=ANA, answers="notice@acme.example", **forward))
    stage.turn()
    assert (stage.case.state, len(stage.drafts())) == (State.REQUEST_DRAFTED, 1)


# Answers before the sent copy ----------------------------------------------------------------------------------------


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


VAGUE = "Hi Ana,\n\nsure. Take it slower when you explain your projects, that is all.\n\nBest\nJane\n"


def answered(stage: Stage, text: str = VAGUE) -> bytes:
    """Jane's answer to a letter whose copy in Sent is not there yet. The draft's raw text, for sending it later."""
    draft = stage.server.stored("Drafts")[0]
    stage.server.take("Drafts", draft.uid)
    references = "<invitation@acme.example> <notice@acme.example> <minted@example.org>"
    raw = eml(text, key="answer@acme.example", subject="Re: Your application as Data Engineer", References=references,
              In_Reply_To="<minted@example.org>", date=stage.now)  # fmt: skip
    stage.deliver(raw)
    return draft.raw


def test_an_answer_that_is_read_before_the_sent_copy_is_thanked_for(stage: Stage):
    """Sent lags behind: what was read as mere correspondence is filed anew, with its text, and once."""
    interviewed_and_turned_down(stage)
    draft = stage.server.stored("Drafts")[0]
    references = "<notice@acme.example> <minted@example.org>"
    stage.deliver(eml(VAGUE, key="answer@acme.example", In_Reply_To="<minted@example.org>", References=references))
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.answer) == (State.REQUEST_DRAFTED, None), "the draft still lies there"
    assert stage.case.mails[-1].text is None, "no text is kept of what is no feedback"
    stage.server.take("Drafts", draft.uid)
    stage.send(with_new_id(draft.raw, "minted@example.org"))
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.letter.kind) == (State.THANKS_DRAFTED, LetterKind.THANKS)
    assert "slower" in stage.case.answer.text
    assert [mail.key for mail in stage.case.mails].count("<answer@acme.example>") == 1


def test_an_answer_is_enough_when_the_sent_copy_never_comes(stage: Stage):
    """Kept on another machine: the draft is gone, and they answer a message nobody saw here."""
    interviewed_and_turned_down(stage)
    answered(stage)
    stage.turn(after=HOUR)
    assert [letter.kind for letter in stage.case.letters] == [LetterKind.REQUEST, LetterKind.THANKS]
    assert (stage.case.letters[0].fate, stage.case.letters[0].sent_id) == (Fate.SENT, "<minted@example.org>")
    assert stage.case.state is State.THANKS_DRAFTED


def test_a_sent_copy_that_comes_after_all_changes_nothing(stage: Stage):
    """Days later: one thanks, one answer."""
    interviewed_and_turned_down(stage)
    raw = answered(stage, FEEDBACK)
    stage.turn(after=HOUR)
    before = stage.case
    stage.send(with_new_id(raw, "minted@example.org"))
    stage.turn(after=DAY)
    assert (stage.case.state, stage.case.letters) == (before.state, before.letters)


def test_a_veto_that_was_none_is_told_by_the_answer(stage: Stage):
    """Believed thrown away, since no copy came; then they answer it."""
    interviewed_and_turned_down(stage)
    stage.discard_draft()
    stage.turn(after=HOUR)
    stage.turn(after=HOUR)
    assert stage.case.outcome is Outcome.DISCARDED
    references = "<invitation@acme.example> <notice@acme.example> <minted@example.org>"
    stage.deliver(eml(VAGUE, key="answer@acme.example", References=references, In_Reply_To="<minted@example.org>"))
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.letter.kind) == (State.THANKS_DRAFTED, LetterKind.THANKS)
