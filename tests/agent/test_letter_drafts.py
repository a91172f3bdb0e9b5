"""The draft that a letter becomes: its headers, its day, and that no mail can write into it."""

import re
from dataclasses import replace
from datetime import UTC, date, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.case import LetterKind, Meeting, Person, Trigger
from agent.correspondents import Correspondent, FoundBy, find
from agent.letters import facts
from connectors.message.serialise import as_bytes
from tests.agent.facts import NOON, case_of, filed, hours, mail, promised
from tests.agent.letters import ANA, case_with, notice, text_of, written


def test_a_reply_stands_in_its_thread() -> None:
    """One Re:, the chain with the parent last, the promised id and time, and the address that received the notice."""
    told = notice(references=("<a@x.example>", "<b@x.example>"), thread="t1", recipients=("a.sousa@example.org",))
    draft = written(case_with(told)).draft
    assert draft.subject == "Re: Your application"
    assert draft.parent
    assert draft.parent.message_id == "<notice@acme.example>"
    assert draft.parent.references == ("<a@x.example>", "<b@x.example>", "<notice@acme.example>")
    assert draft.parent.thread == "t1"
    assert (draft.message_id, draft.date) == ("<letter-1@example.org>", NOON)
    assert (draft.sender.address, draft.sender.name) == ("a.sousa@example.org", "Ana Sousa")
    assert draft.to
    assert (draft.to.address, draft.to.name) == ("jane@acme.example", "Jane Doe")
    assert draft.text.endswith("\n\nKind regards,\nAna Sousa\n+351 555 0100\n")


def test_a_fresh_letter_has_a_subject_of_its_own() -> None:
    """With the position where it is known; nobody in To."""
    draft = written(case_with(notice(sender="no-reply@ats.example", human=False))).draft
    assert draft.subject == "Data Engineer interview: thank you, and one question"
    assert (draft.to, draft.parent) == (None, None)
    assert draft.text.startswith("Hello,\n\n")
    unknown = written(case_with(notice(sender="no-reply@ats.example", human=False, position=None))).draft
    assert unknown.subject == "Thank you for the interview, and one question"


def test_long_chains_are_cut_in_the_middle() -> None:
    """The first id and the last twenty, each once."""
    chain = tuple(f"<{number}@x.example>" for number in range(60))
    draft = written(case_with(notice(references=(*chain, *chain, "<notice@acme.example>")))).draft
    assert draft.parent
    assert draft.parent.references == ("<0@x.example>", *chain[-19:], "<notice@acme.example>")


def test_a_thread_id_of_another_account_is_not_used() -> None:
    """Providers number threads account by account."""
    told = replace(notice(thread="t1"), account="work")
    case = replace(case_with(told), account="home")
    parent = written(case).draft.parent
    assert parent
    assert parent.thread is None


def test_the_notices_address_counts_more_than_a_later_mails() -> None:
    """Whichever of the user's addresses the employer knows."""
    later = mail(key="<later@acme.example>", arrived=NOON + hours(1), recipients=("ana@example.org",))
    case = case_of(
        filed(notice(recipients=("a.sousa@example.org",)), Trigger.NOTICE),
        filed(later, Trigger.CORRESPONDENCE),
        promised(),
    )
    assert written(case).draft.sender.address == "a.sousa@example.org"


@pytest.mark.parametrize(
    ("recipients", "used"),
    [
        (("tom@acme.example", "A.SOUSA@example.org"), "a.sousa@example.org"),
        (("list@acme.example",), "ana@example.org"),
        ((), "ana@example.org"),
    ],
)
def test_the_letter_comes_from_the_address_that_was_written_to(recipients: tuple[str, ...], used: str) -> None:
    """As the config spells it; the main one when the mail names none of them."""
    assert written(case_with(notice(recipients=recipients))).draft.sender.address == used


def test_a_thread_without_a_subject_gets_ours() -> None:
    """No letter goes out without one."""
    assert written(case_with(notice(subject="Re:"))).draft.subject.startswith("Data Engineer interview")


@pytest.mark.parametrize(
    ("starts", "day"),
    [
        (["2026-05-28T10:00:00+02:00"], date(2026, 5, 28)),
        (["2026-05-28"], date(2026, 5, 28)),
        (["2026-05-27T23:30:00+00:00"], date(2026, 5, 28)),
        (["2026-05-20T10:00:00+02:00", "2026-05-28T10:00:00+02:00"], date(2026, 5, 28)),
        (["2026-06-20T10:00:00+02:00"], None),
        (["2024-05-28T10:00:00+02:00"], None),
        (["next Tuesday"], None),
        (["0001-01-01T00:00:00+14:00"], None),
        ([], None),
    ],
)
def test_the_day_of_the_last_interview_held(starts: list[str], day: date | None) -> None:
    """In the user's time zone; neither a day to come nor one long gone."""
    meetings = tuple(Meeting(start=start) for start in starts)
    case = case_with(notice(), mail("interview", key="<i@acme.example>", meetings=meetings, arrived=NOON - hours(200)))
    assert facts.interview_day(case, NOON, ZoneInfo("Europe/Lisbon")) == day


def test_a_moved_interview_is_where_it_was_moved_to() -> None:
    """The newest mail that tells of a past one is believed, even if it moved it forward."""
    first, second = (
        mail(
            "interview",
            key=f"<{day}@acme.example>",
            meetings=(Meeting(start=day),),
            arrived=NOON - timedelta(days=back),
        )
        for day, back in (("2026-05-28", 20), ("2026-05-26", 10))
    )
    case = case_with(notice(), first, second)
    assert facts.interview_day(case, NOON, UTC) == date(2026, 5, 26)


def test_the_day_stands_in_the_letters_to_interviewers() -> None:
    """In the language's own way."""
    invitation = mail(
        "interview", key="<i@acme.example>", meetings=(Meeting(start="2026-05-28"),), arrived=NOON - hours(90)
    )
    machine = notice(sender="no-reply@ats.example", human=False)
    assert "the interview on 28 May" in text_of(case_with(machine, invitation))
    german = case_with(replace(machine, language="de"), replace(invitation, language="de"))
    assert "Gespräch am 28. Mai" in text_of(german)


def test_a_value_that_would_break_a_rule_is_left_out() -> None:
    """The letter goes out without it rather than not at all."""
    case = case_with(notice(position="reasons for your rejection", employer="Lawsuit"))
    composed = written(case)
    assert composed.breaches == ()
    assert "reasons" not in composed.draft.text
    assert "Attorney" in text_of(case_with(notice(position="Attorney")))
    assert "Complaints Manager" in text_of(case_with(notice(position="Complaints Manager")))


NASTY = st.sampled_from(
    [
        "{{7*7}}",
        "{{ me.__class__ }}",
        "{% raw %}",
        "<img src=x onerror=alert(1)>",
        "a\r\nBcc: all@evil.example\r\n\r\nbody",
        "\x00\x1b[31m",
        "\u202eevil\u202c",
        "https://evil.example/?q=1",
        "[click](javascript:x)",
        "why did you reject me",
        "=?utf-8?q?=0d=0aBcc:_x?=",
        "\ud800",
        "’" * 90,
        "e" + "\u0301" * 300,
    ]
)
HOSTILE = NASTY | st.text(max_size=120) | st.tuples(NASTY, st.text(max_size=20), NASTY).map("".join)


@settings(deadline=None)  # time is measured elsewhere; a busy machine is no failure
@given(
    values=st.lists(HOSTILE, min_size=6, max_size=6),
    kind=st.sampled_from(LetterKind),
    language=st.sampled_from(["en", "de", "xx"]),
    flags=st.sets(st.sampled_from(["formal", "informal", "feedback_offered", "feedback_ruled_out", "unmonitored"])),
)
def test_no_mail_can_write_into_a_letter(values: list[str], kind: LetterKind, language: str, flags: set[str]) -> None:
    """Whatever names, subjects and positions hold: the same headers, no markup, no link, no broken rule."""
    name, employer, position, subject, start, text = values
    invitation = mail(
        "interview",
        key="<i@acme.example>",
        subject=subject,
        meetings=(Meeting(start=start, organizer=Person(address="tom@acme.example", name=name)),),
        arrived=NOON - hours(90),
    )
    told = notice(
        language=language, flags=tuple(flags), employer=employer, position=position, subject=subject, text=text
    )
    told = replace(told, sender=Person(address="jane@acme.example", name=name), meaning="feedback")
    case = case_of(filed(invitation, Trigger.INTERVIEW), filed(told, Trigger.NOTICE), promised(), case_id="abc")
    case = replace(case, answered_by=told.key, letters=(replace(case.letters[-1], kind=kind),))
    for whom in (find(case, kind, own=ANA), Correspondent(person=None, found_by=FoundBy.NOBODY, parent=None)):
        composed = written(case, whom)
        assert [breach for breach in composed.breaches if breach.severity == "block"] == []
        body = composed.draft.text
        assert not re.search(r"[<>{}\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]|://", body)
        assert (
            composed.draft.subject.isprintable()
            or "\u200d" in composed.draft.subject
            or "\u200c" in composed.draft.subject
        )
        parsed = message_from_bytes(as_bytes(composed.draft), policy=policy.compat32)
        assert set(parsed.keys()) <= {
            "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
            "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        }  # fmt: skip
        assert len(parsed.keys()) == len(set(parsed.keys()))
