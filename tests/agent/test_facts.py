"""From a message and its verdict to what a case keeps of it."""

import pytest

from agent.case import Mail
from agent.filing import to_mail
from connectors.account import Account
from connectors.message.parse import parse
from rules.verdict import Appointment, Evidence, Flag, Meaning, Verdict
from tests.agent.facts import NOON
from tests.agent.stage import eml

HOME = Account(name="home", connector="maildir", addresses=("ana@example.org", "a.sousa@example.org"))
WORK = Account(name="work", connector="maildir", addresses=("ana@work.example",))


REJECTED = Verdict(meaning=Meaning.REJECTION)


def facts(raw: bytes, verdict: Verdict = REJECTED, reader: Account = HOME) -> Mail:
    message = parse(raw, arrived=NOON, outgoing=False)
    return to_mail(message, verdict, reader, (HOME, WORK), text="the text")


def test_the_addressed_account_owns_the_letter():
    """A copy in another account changes nothing."""
    assert facts(eml("x", key="k@x.example", to="ana@work.example")).account == "work"
    assert facts(eml("x", key="k@x.example", to="A.Sousa@example.org"), reader=WORK).account == "home"
    assert facts(eml("x", key="k@x.example", to="undisclosed-recipients:;"), reader=WORK).account == "work"


@pytest.mark.parametrize(
    ("sender", "reply_to", "flags", "human"),
    [
        ("Jane <jane@acme.example>", None, (), True),
        ("Acme <no-reply@acme.example>", None, (), False),
        ("Acme <no-reply@acme.example>", "jane@acme.example", (), True),
        ("Jane <jane@acme.example>", None, (Flag.AUTOMATED,), False),
        ("Jane <jane@acme.example>", None, (Flag.UNMONITORED,), False),
    ],
)
def test_a_human_is_somebody_who_can_be_answered(sender: str, reply_to: str | None, flags: tuple, human: bool):
    """By where the answer goes, and by what the mail says of itself."""
    more = {"Reply_To": reply_to} if reply_to else {}
    verdict = Verdict(meaning=Meaning.REJECTION, flags=frozenset(flags))
    assert facts(eml("x", key="k@x.example", sender=sender, **more), verdict).human is human


@pytest.mark.parametrize(
    ("headers", "warnings"),
    [
        ({}, ()),
        ({"Reply_To": "jane@mail.acme.example"}, ()),
        ({"Reply_To": "jane@evil.example"}, ("foreign_reply_to",)),
        ({"Authentication_Results": "mx.example.org; spf=pass; dmarc=fail (p=none)"}, ("dmarc_failed",)),
        ({"Authentication_Results": "mx.example.org; dmarc=pass"}, ()),
    ],
)
def test_what_is_wrong_with_a_sender_is_said(headers: dict[str, str], warnings: tuple[str, ...]):
    """A Reply-To elsewhere, and a failed DMARC as the receiving server saw it."""
    assert facts(eml("x", key="k@x.example", **headers)).warnings == warnings


def test_an_applicant_system_may_name_the_employer_s_address():
    """A lawful foreign Reply-To."""
    raw = eml("x", key="k@x.example", sender="Acme <no-reply@us.greenhouse-mail.io>", Reply_To="jane@acme.example")
    assert facts(raw).warnings == ()


def test_meetings_keep_their_people():
    """The organiser and the guests of the interview."""
    meeting = Appointment(
        start="2026-06-05T10:00:00+02:00",
        method="REQUEST",
        organizer="jane@acme.example",
        attendees=("tom@acme.example",),
    )
    one = facts(eml("x", key="k@x.example"), Verdict(meaning=Meaning.INTERVIEW, appointments=(meeting,)))
    assert one.meetings[0].organizer.address == "jane@acme.example"
    assert [person.address for person in one.meetings[0].attendees] == ["tom@acme.example"]


def test_a_note_to_oneself_is_no_interview():
    """Only a mail to somebody else tells of an interview."""
    verdict = Verdict(meaning=Meaning.NONE, interview_words=(Evidence(rule="en/x", words="the interview"),))
    message = parse(eml("x", key="k@x.example", sender="ana@example.org"), arrived=NOON, outgoing=True)
    assert to_mail(message, verdict, HOME, (HOME, WORK), text="").interview_words == ()
    other = parse(
        eml("x", key="k@x.example", sender="ana@example.org", to="jane@acme.example"), arrived=NOON, outgoing=True
    )
    assert to_mail(other, verdict, HOME, (HOME, WORK), text="").interview_words
