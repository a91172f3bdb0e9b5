"""What the user logs becomes letters: a call, a paper letter, an interview, in whole passes over a mailbox."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.case import Case, Fate, LetterKind, Person, State
from agent.case.events import Logged, Noted
from agent.policy import Entry, Then, When
from tests.agent.stage import ANA, INVITATION, REJECTION, START, Stage, eml

JANE = Person(address="jane.doe@acme.example", name="Jane Doe")
TOM = Person(address="tom@initech.example", name="Tom Fox")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def log(stage: Stage, what: str = "call", *, into: Case | None = None, **fields: object) -> Case:
    """As `afterword log` writes it down."""
    standard = {"account": "home", "person": JANE, "employer": "Acme", "when": stage.now}
    with stage.journal.writing() as writer:
        case = into or writer.open_case(stage.now)
        return writer.append(case, Logged(at=stage.now, what=what, **(standard | fields)))


@pytest.mark.parametrize("what", ["call", "letter"])
def test_the_news_by_word_drafts_a_fresh_request(stage: Stage, what: str) -> None:
    """To the person named, in the account named, without a thread."""
    log(stage, what)
    stage.turn()
    [draft] = stage.drafts()
    assert (draft["To"], draft["In-Reply-To"]) == ("Jane Doe <jane.doe@acme.example>", None)
    assert stage.case.state is State.REQUEST_DRAFTED
    assert stage.case.letter.found_by == "logged"


def test_the_clock_runs_from_the_call(stage: Stage) -> None:
    """A reminder comes before the day after the call is over, not the day after it was logged."""
    log(stage, when=stage.now - 20 * HOUR)
    stage.turn()
    stage.turn(after=timedelta(minutes=130))
    reminders = [alert.title for alert in stage.alerts if alert.kind == "reminder"]
    assert reminders[-1] == "1 h left to ask Acme"


def test_the_mails_of_that_person_are_found_and_answered(stage: Stage) -> None:
    """One look back, as for a notice: the invitation of two months ago is answered in its thread, and not taken for a
    new interview."""
    stage.turn()
    stage.deliver(eml(INVITATION, key="inv@acme.example"), arrived=START - 60 * DAY)
    log(stage)
    stage.turn(after=HOUR)
    [draft] = stage.drafts()
    assert (draft["In-Reply-To"], stage.case.stage) == ("<inv@acme.example>", "interviewed")
    assert stage.case.state is State.REQUEST_DRAFTED


def test_a_name_without_an_address_is_looked_up_in_the_mails(stage: Stage) -> None:
    """The user heard the name on the phone; the invitation knows the address."""
    stage.deliver(eml(INVITATION, key="inv@acme.example"))
    stage.turn()
    log(stage, into=stage.case, person=Person(address="", name="jane doe"))
    stage.turn(after=HOUR)
    assert stage.drafts()[0]["To"] == "Jane Doe <jane.doe@acme.example>"


def test_feedback_on_the_call_is_thanked_for(stage: Stage) -> None:
    """No request: it was asked for already. And once."""
    log(stage, asked=True, note="Talk about trade-offs earlier.")
    stage.turn()
    assert [letter.kind for letter in stage.case.letters] == [LetterKind.THANKS]
    assert stage.drafts()[0]["To"] == "Jane Doe <jane.doe@acme.example>"
    stage.send_draft(key="real@example.org")
    stage.turn(after=HOUR)
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.outcome, len(stage.case.letters)) == (State.CLOSED, "thanked", 1)


def test_feedback_asked_for_on_the_call_and_mailed_later_is_thanked_for(stage: Stage) -> None:
    """“I will write to you”: nothing is drafted until it comes."""
    log(stage, asked=True)
    stage.turn()
    assert (stage.case.note, stage.drafts()) == ("asked", [])
    text = "Hi Ana,\n\nas promised, my feedback on your interview: what I would work on is to talk about trade-offs "
    text += "earlier and to give concrete numbers when you describe your projects.\n\nBest\nJane\n"
    stage.deliver(
        eml(text, key="fb@acme.example", subject="Feedback on your interview at Acme"), arrived=stage.now + HOUR
    )
    stage.turn(after=2 * HOUR)
    assert (stage.case.state, len(stage.drafts())) == (State.THANKS_DRAFTED, 1)


def test_feedback_by_phone_after_the_request_was_sent(stage: Stage) -> None:
    """They call instead of writing: the same case, and a thank-you to whoever called."""
    stage.deliver(eml(INVITATION, key="inv@acme.example"))
    stage.deliver(eml(REJECTION, key="no@acme.example", answers="inv@acme.example"))
    stage.turn()
    stage.send_draft(key="real@example.org")
    stage.turn(after=HOUR)
    assert stage.case.state is State.AWAITING_FEEDBACK
    log(stage, into=stage.case, asked=True, note="More numbers.", person=Person(address="tom@acme.example"))
    stage.turn(after=HOUR)
    assert stage.case.state is State.THANKS_DRAFTED
    assert stage.drafts()[0]["To"] == "tom@acme.example"


def test_one_draft_when_the_notice_comes_by_mail_as_well(stage: Stage) -> None:
    """The system's mail an hour after the call belongs to the same case and changes nothing."""
    log(stage)
    stage.turn()
    stage.deliver(
        eml(REJECTION, key="no@acme.example", sender="Acme <no-reply@acme.example>"), arrived=stage.now + HOUR
    )
    stage.turn(after=2 * HOUR)
    assert (len(stage.cases()), len(stage.drafts()), stage.case.turned_down) == (1, 1, START)
    assert stage.case.notice is not None


def test_thrown_away_stays_thrown_away(stage: Stage) -> None:
    """The draft after the call deleted, and then the written notice: no second request. Nor after a second call."""
    log(stage)
    stage.turn()
    stage.discard_draft()
    stage.turn(after=HOUR)
    stage.turn(after=HOUR)
    assert stage.case.letter.fate is Fate.DISCARDED
    stage.deliver(eml(REJECTION, key="no@acme.example"), arrived=stage.now + HOUR)
    stage.turn(after=2 * HOUR)
    log(stage, into=stage.case)
    stage.turn(after=HOUR)
    assert (stage.drafts(), stage.case.note, stage.case.state) == ([], "written", State.NOTED)


def test_a_call_of_long_ago_is_kept_and_nothing_is_written(stage: Stage) -> None:
    """A week later a letter is not worth sending; neither a request nor a thank-you."""
    log(stage, when=START - 8 * DAY)
    log(stage, when=START - 8 * DAY, asked=True, note="More numbers.", employer="Initech", person=TOM)
    stage.turn()
    assert {case.employer: case.note for case in stage.cases(State.NOTED)} == {"Acme": "old", "Initech": "asked"}
    assert stage.drafts() == []


def test_what_the_user_logs_is_not_held_by_the_brake_nor_by_a_policy(stage: Stage) -> None:
    """Both are there against letters nobody asked for."""
    ignore = Entry(when=When(employer=("acme*",)), then=Then.IGNORE)
    stage.settings = type(stage.settings)(**{**vars(stage.settings), "brake": 0, "policy": (ignore,)})
    log(stage)
    stage.turn()
    assert len(stage.drafts()) == 1


def test_a_notice_that_nobody_answers_for_goes_to_the_logged_interviewer(stage: Stage) -> None:
    """That is what logging an interview is for, also when the notice names no employer but its domain."""
    log(stage, "interview", when=START - 3 * DAY)
    text = REJECTION.replace(" at Acme", "").replace("Acme GmbH\n", "").replace("Jane Doe\n", "The team\n")
    stage.deliver(eml(text, key="no@acme.example", sender="no-reply@acme.example"))
    stage.turn()
    assert (len(stage.cases()), stage.drafts()[0]["To"]) == (1, "Jane Doe <jane.doe@acme.example>")
    assert stage.drafts()[0]["In-Reply-To"] is None


def test_an_old_rejection_is_not_the_end_of_a_new_application(stage: Stage) -> None:
    """Read late, as an import or a look back does: it came before this application began."""
    log(stage, "interview")
    stage.deliver(eml(REJECTION, key="old@acme.example", sender="no-reply@acme.example"), arrived=START - 20 * DAY)
    stage.turn()
    assert {case.state for case in stage.cases()} == {State.INTERVIEWED, State.NOTED}


def test_a_logged_call_does_not_end_up_as_imported(stage: Stage) -> None:
    """Noted cases are decided anew by the user's word."""
    stage.deliver(eml(REJECTION, key="no@acme.example", sender=f"Jane Doe <{JANE.address}>"))
    with stage.journal.writing() as writer:
        case = writer.append(
            writer.open_case(stage.now), Logged(at=stage.now, what="call", account="home", employer="Acme"),
            Noted(at=stage.now, reason="imported"),
        )  # fmt: skip
    log(stage, into=case)
    stage.turn()
    assert [draft["To"] for draft in stage.drafts()] == ["Jane Doe <jane.doe@acme.example>"]
    assert ANA in stage.drafts()[0]["From"]


@pytest.mark.parametrize("what", ["call", "letter"])
def test_the_letter_is_written_in_the_language_of_the_news(stage: Stage, what: str) -> None:
    """As the user said it, when no mail tells."""
    log(stage, what, language="de")
    stage.turn()
    assert "Mit freundlichen Grüßen" in stage.drafts()[0].get_content()
