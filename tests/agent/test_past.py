"""The past, read once: it is known afterwards, and no letter comes of it, then or later."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.case import State
from agent.config.settings import FollowUp
from agent.journal import AccountRecord
from agent.turn import Given
from agent.turn.past import Step, begun_at, read_past
from connectors.port import Cursor, Mailbox, Unavailable
from tests.agent.stage import ANA, FEEDBACK, INVITATION, JANE, REJECTION, START, Stage, books, eml

DAY = timedelta(days=1)
SINCE = START - 730 * DAY


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, follow_up=FollowUp(enquire_after=5))


def import_past(stage: Stage, since: datetime = SINCE, *, batches: int | None = None) -> list[Step]:
    """Read the past; with ``batches`` broken off after so many."""
    steps = []
    with stage.mailbox() as mailbox:
        for step in read_past(given(stage, mailbox), since):
            steps.append(step)
            if len(steps) == batches:
                break
    return steps


def given(stage: Stage, mailbox: Mailbox) -> Given:
    return Given(
        mailbox=mailbox,
        account=stage.account,
        settings=stage.settings,
        books=books(),
        journal=stage.journal,
        now=stage.now,
        tell=stage.alerts.append,
    )


def application(stage: Stage, age: float, *, key: str = "") -> None:
    """Invited, turned down, asked on their own, answered: so many days ago."""
    at = START - age * DAY
    stage.deliver(eml(INVITATION, key=f"inv{key}@acme.example"), arrived=at)
    stage.deliver(eml(REJECTION, key=f"no{key}@acme.example", answers=f"inv{key}@acme.example"), arrived=at + DAY)
    own = eml(
        "Thanks. What can I improve?", key=f"own{key}@x.example", sender=ANA, to=JANE, answers=f"no{key}@acme.example"
    )
    stage.server.add("Sent", own, arrived=at + 1.1 * DAY, flags=("Seen",))
    stage.deliver(eml(FEEDBACK, key=f"fb{key}@acme.example", answers=f"own{key}@x.example"), arrived=at + 2 * DAY)


def silent(stage: Stage) -> bool:
    return stage.drafts() == [] and stage.alerts == [] and all(case.letters == () for case in stage.cases())


def test_the_past_is_known_and_silent(stage: Stage) -> None:
    """Interview and rejection are known as of their own time; turns afterwards write nothing and tell nothing."""
    application(stage, 200)
    steps = import_past(stage)
    assert sum(step.count for step in steps) == 4
    assert (stage.case.state, stage.case.note, stage.case.stage) == (State.NOTED, "imported", "interviewed")
    assert stage.case.since == START - 199 * DAY
    for _ in range(3):
        stage.turn(after=DAY)
    assert silent(stage)


def test_an_interview_of_long_ago_is_not_enquired_about(stage: Stage) -> None:
    """Its silence ended long ago, though enquiries are turned on."""
    stage.deliver(eml(INVITATION, key="inv@acme.example"), arrived=START - 200 * DAY)
    import_past(stage)
    stage.turn(after=DAY)
    assert stage.case.state is State.INTERVIEWED
    assert silent(stage)


def test_new_mail_of_an_imported_case_changes_nothing(stage: Stage) -> None:
    """The system repeats the rejection, somebody writes, an invitation is forwarded again: the old news stay old."""
    application(stage, 30)
    import_past(stage)
    stage.turn()
    stage.deliver(eml(REJECTION, key="no-again@acme.example", answers="no@acme.example"), arrived=stage.now + DAY)
    stage.deliver(
        eml("Dear Ana, all the best!", key="hi@acme.example", answers="no@acme.example"), arrived=stage.now + DAY
    )
    stage.turn(after=2 * DAY)
    stage.turn(after=DAY)
    assert len(stage.cases()) == 1
    assert silent(stage)


@pytest.mark.parametrize("age", [120, 400])
def test_a_new_application_at_a_former_employer_is_a_new_case(stage: Stage, age: int) -> None:
    """The import hinders no letter: a rejection of today is not taken for the one of last year."""
    application(stage, age)
    import_past(stage)
    stage.deliver(eml(INVITATION, key="inv2@acme.example"), arrived=stage.now)
    stage.turn()
    stage.deliver(eml(REJECTION, key="no2@acme.example"), arrived=stage.now + DAY)
    stage.turn(after=DAY)
    old, new = stage.cases()
    assert (old.state, new.state) == (State.NOTED, State.REQUEST_DRAFTED)
    assert len(stage.drafts()) == 1


def test_an_interview_of_the_past_finds_its_interviewer_today(stage: Stage) -> None:
    """That is what the past is read for: the no-reply rejection of today knows the invitation of two months ago."""
    stage.deliver(eml(INVITATION, key="inv@acme.example"), arrived=START - 60 * DAY)
    import_past(stage)
    stage.deliver(eml(REJECTION, key="no@acme.example", sender="Acme <no-reply@acme.example>"), arrived=stage.now)
    stage.turn()
    assert stage.drafts()[0]["To"] == JANE


def test_the_old_end_of_an_earlier_application_ends_no_running_one(stage: Stage) -> None:
    """The daemon knows today's application; the import then reads last year's at the same employer."""
    stage.deliver(eml(INVITATION, key="today@acme.example"), arrived=START - DAY)
    stage.turn()
    application(stage, 400)
    import_past(stage)
    assert {case.state for case in stage.cases()} == {State.INTERVIEWED, State.NOTED}


def test_what_is_young_is_left_to_the_daemon(stage: Stage) -> None:
    """It still gets its letter."""
    stage.deliver(eml(INVITATION, key="inv@acme.example"), arrived=START - 5 * DAY)
    stage.deliver(eml(REJECTION, key="no@acme.example", answers="inv@acme.example"), arrived=START - DAY)
    import_past(stage)
    assert stage.case.state is State.INTERVIEWED
    stage.turn()
    assert stage.case.state is State.REQUEST_DRAFTED


def test_reading_twice_changes_nothing(stage: Stage) -> None:
    application(stage, 200)
    import_past(stage)
    before = stage.cases()
    assert sum(step.count for step in import_past(stage)) == 0
    assert stage.cases() == before


def test_broken_off_it_goes_on_on_another_day(stage: Stage) -> None:
    """“Two years” begins a day later tomorrow; nothing is read twice for that, and nothing left out."""
    for number in range(30):
        application(stage, 700 - 20 * number, key=str(number))
    first = import_past(stage, batches=1)
    assert sum(step.count for step in first) < 120
    stage.now += DAY
    rest = import_past(stage, SINCE + DAY)
    assert sum(step.count for step in (*first, *rest)) == 120
    assert all(case.note == "imported" for case in stage.cases(State.NOTED))
    assert silent(stage)


def test_further_back_means_from_the_beginning(stage: Stage) -> None:
    """An import of one year says nothing about the year before."""
    application(stage, 500)
    assert sum(step.count for step in import_past(stage, START - 365 * DAY)) == 0
    assert sum(step.count for step in import_past(stage, SINCE)) == 4


def test_what_an_earlier_import_covers() -> None:
    record = AccountRecord(name="home", past_cursor=Cursor("c"), past_since=SINCE)
    assert begun_at(record, SINCE + DAY) == SINCE
    assert begun_at(record, SINCE - DAY) is None
    assert begun_at(AccountRecord(name="home"), SINCE) is None


def test_a_mailbox_that_forgot_the_cursor_is_read_from_the_day(stage: Stage) -> None:
    application(stage, 200)
    import_past(stage)
    stage.server.renumber()
    assert sum(step.count for step in import_past(stage)) == 4
    assert len(stage.cases()) == 1


def test_a_lost_connection_keeps_what_was_read(stage: Stage) -> None:
    """The failure is the caller's to tell; the next import goes on."""
    for number in range(30):
        application(stage, 700 - 20 * number, key=str(number))
    with pytest.raises(Unavailable), stage.mailbox() as mailbox:
        for step in read_past(given(stage, mailbox), SINCE):
            if step.count and stage.cases():
                raise Unavailable("gone")
    assert len(stage.cases()) > 0
    import_past(stage)
    assert silent(stage)


def test_nothing_is_written_into_the_mailbox(stage: Stage) -> None:
    """Not even a flag."""
    application(stage, 200)
    before = {folder: stage.server.stored(folder) for folder in stage.server.folders()}
    import_past(stage)
    assert {folder: stage.server.stored(folder) for folder in stage.server.folders()} == before


def test_a_daemon_that_runs_meanwhile_files_nothing_twice(stage: Stage) -> None:
    """A turn between any two batches: the same cases as one after the other."""
    for number in range(30):
        application(stage, 700 - 20 * number, key=str(number))
    with stage.mailbox() as mailbox:
        for _ in read_past(given(stage, mailbox), SINCE):
            stage.turn()
    keys = [mail.key for case in stage.cases() for mail in case.mails]
    assert len(keys) == len(set(keys))
    assert silent(stage)
