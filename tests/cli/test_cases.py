"""`ask`, `close`, `file`: the user's word is written down, or it is said why it cannot be."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.case import Link, Outcome, State, Trigger
from agent.case.events import DraftDiscarded, DraftSent, MailFiled, Noted
from tests.agent.facts import filed, mail, placed, promised
from tests.agent.stage import REJECTION, eml
from tests.cli.conftest import Home

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


def notice(key: str = "<n@acme.example>", employer: str = "Acme") -> MailFiled:
    one = mail("rejection", key=key, employer=employer, arrived=NOW)
    return filed(one, Trigger.NOTICE, link=Link.OPENED)


def test_asking_for_a_noted_case(configured: Home) -> None:
    """It is written down once, and said who will act on it."""
    case = configured.happened(notice(), Noted(at=NOW, reason="held"))
    for _ in range(2):
        ended = configured.run("ask", case.id)
        assert ended.code == 0
        assert ended.out.startswith(f"The request for case {case.id} (Acme) will be in your Drafts soon.")
        assert "Afterword is not running; start it: afterword run" in ended.out
    assert configured.case(case.id).asked
    assert len(configured.run("show", case.id, "--json").json["events"]) == 3


def test_asking_again_after_a_veto(configured: Home) -> None:
    """A deleted draft closed the case; the user may change their mind."""
    case = configured.happened(notice(), promised(at=NOW), placed(at=NOW, parent=None), DraftDiscarded(at=NOW))
    assert configured.run("ask", case.id).code == 0
    assert configured.case(case.id).asked


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([notice(), promised(at=NOW)], "is already promised"),
        ([notice(), promised(at=NOW), placed(at=NOW, parent=None)], "already lies in your Drafts"),
        (
            [notice(), promised(at=NOW), placed(at=NOW, parent=None), DraftSent(at=NOW, message_id=None)],
            "You have already asked",
        ),
        ([filed(mail("receipt", employer="Acme", arrived=NOW), Trigger.RECEIPT)], "No rejection is known"),
    ],
)
def test_asking_where_nothing_is_to_be_asked(configured: Home, events: list[MailFiled], sentence: str) -> None:
    """Each state says why; nothing is written."""
    case = configured.happened(*events)
    ended = configured.run("ask", case.id)
    assert ended.code == 1
    assert sentence in ended.err
    assert not configured.case(case.id).asked


def test_closing_a_case(configured: Home) -> None:
    """Once; the draft that lies there is the user's."""
    case = configured.happened(notice(), promised(at=NOW), placed(at=NOW, parent=None))
    ended = configured.run("close", case.id)
    assert ended.code == 0
    assert "Its draft is still in your Drafts; delete it there." in ended.out
    after = configured.case(case.id)
    assert (after.state, after.outcome) == (State.CLOSED, Outcome.IGNORED)
    assert configured.run("close", case.id).code == 0
    assert len(configured.run("show", case.id, "--json").json["events"]) == 4


def test_a_notice_moves_to_the_case_it_belongs_to(configured: Home) -> None:
    """The case it had opened is empty and closes; the right one is turned down, by the user's word."""
    wrong = configured.happened(notice(), Noted(at=NOW, reason="unsure"))
    right = configured.happened(filed(mail("interview", employer="Acme", arrived=NOW), Trigger.INTERVIEW))
    ended = configured.run("file", "n@acme.example", right.id)
    assert ended.code == 0
    assert f"The message is filed under case {right.id} (Acme)." in ended.out
    after = configured.case(right.id)
    assert (after.state, after.notice_link) == (State.NOTED, Link.USER)
    assert after.notice is not None
    assert after.notice.key == "<n@acme.example>"
    emptied = configured.case(wrong.id)
    assert (emptied.state, emptied.mails) == (State.CLOSED, ())


def test_a_message_gets_a_case_of_its_own(configured: Home) -> None:
    """`new` takes it out of the case; what it left behind lives on, and its draft is named."""
    invited = filed(mail("interview", employer="Acme", arrived=NOW), Trigger.INTERVIEW)
    case = configured.happened(invited, notice(), promised(at=NOW), placed(at=NOW, parent=None))
    ended = configured.run("file", "<n@acme.example>", "new")
    assert ended.code == 0
    assert f"The draft written for {case.id} is still in your Drafts; delete it there." in ended.out
    assert configured.case(case.id).state is State.INTERVIEWED
    ids = [each["id"] for each in configured.run("status", "--json").json["cases"]]
    (new,) = set(ids) - {case.id}
    assert configured.case(new).state is State.NOTED


def test_a_message_that_meant_nothing_is_fetched_from_the_mailbox(configured: Home) -> None:
    """Only its hash is in the store, so the mailbox is asked; there it stays as it is."""
    case = configured.happened(filed(mail("interview", employer="Acme", arrived=NOW), Trigger.INTERVIEW))
    raw = eml("Ana, let us talk tomorrow.\n", subject="Hello", key="h@acme.example", date=datetime.now(UTC))
    path = configured.folder / "Mail/new/1.M1.host"
    path.write_bytes(raw)
    assert configured.run("file", "h@acme.example", case.id).code == 0
    assert [each.message_id for each in configured.case(case.id).mails][-1] == "<h@acme.example>"
    assert path.read_bytes() == raw


def test_a_rejection_nobody_recognised_is_filed_by_hand(configured: Home) -> None:
    """Fetched from the mailbox, it is the notice of a case of its own."""
    raw = eml(REJECTION, key="r@acme.example", date=datetime.now(UTC))
    (configured.folder / "Mail/new/1.M1.host").write_bytes(raw)
    assert configured.run("file", "r@acme.example", "new").code == 0
    (case,) = configured.run("status", "--json").json["cases"]
    assert case["notice"]["message_id"] == "<r@acme.example>"


def test_what_cannot_be_moved_is_explained(configured: Home) -> None:
    """Already there, alone already, unknown, or answered already."""
    alone = configured.happened(notice("<a@x.example>"), Noted(at=NOW, reason="held"))
    sent = DraftSent(at=NOW, message_id=None)
    asked = configured.happened(notice("<b@x.example>"), promised(at=NOW), placed(at=NOW, parent=None), sent)
    for arguments, sentence in (
        (("a@x.example", alone.id), "already lies in case"),
        (("a@x.example", "new"), "already has a case of its own"),
        (("b@x.example", alone.id), f"The letter for case {asked.id} was already sent"),
        (("c@x.example", "new"), "This message is not known"),
        (("a@x.example", "zzzzzz"), "There is no case zzzzzz."),
    ):
        ended = configured.run("file", *arguments)
        assert ended.code == 1, arguments
        assert sentence in ended.err
    assert len(configured.run("status", "--json").json["cases"]) == 2
