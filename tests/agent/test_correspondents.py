"""Whom to write to: every way to a person, its order, and who must never get a letter."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.case import Case, CaseId, LetterKind, Mail, Meeting, Person, Trigger, opened
from agent.case.events import Logged
from agent.correspondents import FoundBy, explain, find
from connectors.account import Account
from tests.agent.facts import NOON, case_of, filed, hours, mail

ANA = Account(name="home", connector="maildir", addresses=("ana@example.org", "a.sousa@example.org"))
JANE = Person(address="jane@acme.example", name="Jane Doe")
TOM = Person(address="tom@acme.example", name="Tom Fox")
NOBODY = "no-reply@ats.example"

BEFORE = NOON - timedelta(days=5)


def notice(**fields: Any) -> Mail:
    """A rejection by an applicant system that nobody answers for, unless told otherwise."""
    return mail("rejection", **({"sender": NOBODY, "human": False, "key": "<notice@ats.example>"} | fields))


def invitation(**fields: Any) -> Mail:
    return mail("interview", **({"key": "<invitation@acme.example>", "arrived": BEFORE} | fields))


def case_with(told: Mail | None, *earlier: Mail) -> Case:
    triggers = {"interview": Trigger.INTERVIEW, "receipt": Trigger.RECEIPT}
    events = [filed(each, triggers.get(each.meaning, Trigger.CORRESPONDENCE)) for each in earlier]
    events += [filed(told, Trigger.NOTICE)] if told else []
    return case_of(*events)


def found(case: Case, kind: LetterKind = LetterKind.REQUEST) -> tuple[str | None, str, str | None]:
    """The address, how it was found, and the key of the parent."""
    whom = find(case, kind, own=ANA)
    return whom.person and whom.person.address, whom.found_by.value, whom.parent and whom.parent.key


def test_a_person_who_sent_the_notice_is_answered() -> None:
    """Without a Reply-To the sender gets the answer, in the notice's thread."""
    assert found(case_with(notice(sender="jane@acme.example"))) == (
        "jane@acme.example",
        "sender",
        "<notice@ats.example>",
    )


def test_reply_to_goes_before_from() -> None:
    """A Reply-To that reaches somebody wins, and takes the sender's name when it has none."""
    case = case_with(notice(sender="jane@acme.example", reply_to=Person(address="jobs@acme.example")))
    whom = find(case, LetterKind.REQUEST, own=ANA)
    assert whom.person == Person(address="jobs@acme.example", name="Jane Doe")
    assert (whom.found_by, whom.direct) == (FoundBy.REPLY_TO, True)


def test_a_platforms_relay_reaches_the_candidates_file() -> None:
    """An address of a platform that passes mail on to a person counts as a person's."""
    relay = Person(address="acme-jobs@m.personio.de")
    assert found(case_with(notice(reply_to=relay)))[:2] == ("acme-jobs@m.personio.de", "reply_to")


def test_a_reply_to_nobody_reads_is_passed_over() -> None:
    """The sender, if a person, is asked instead."""
    case = case_with(notice(sender="jane@acme.example", reply_to=Person(address=NOBODY)))
    assert found(case)[:2] == ("jane@acme.example", "sender")


def test_a_mailbox_that_calls_itself_unread_is_not_answered() -> None:
    """Neither as From nor as the same address in Reply-To; another Reply-To still counts."""
    same = notice(sender="jobs@acme.example", reply_to=Person(address="jobs@acme.example"), flags=("unmonitored",))
    assert found(case_with(same)) == (None, "nobody", None)
    other = notice(sender="jobs@acme.example", reply_to=JANE, flags=("unmonitored",))
    assert found(case_with(other))[:2] == ("jane@acme.example", "reply_to")


def test_who_wrote_last_in_the_interview_thread() -> None:
    """Not the inviter but the colleague who answered later; the letter answers that later message."""
    later = mail(
        sender="tom@acme.example",
        key="<later@acme.example>",
        references=("<invitation@acme.example>",),
        arrived=BEFORE + hours(5),
    )
    elsewhere = mail(sender="eve@acme.example", key="<elsewhere@acme.example>", arrived=BEFORE + hours(9))
    assert found(case_with(notice(), invitation(), later, elsewhere)) == (
        "tom@acme.example",
        "thread",
        "<later@acme.example>",
    )


def test_the_providers_thread_links_too_but_only_within_an_account() -> None:
    """Equal thread ids of two accounts are a coincidence."""
    later = mail(sender="tom@acme.example", key="<later@acme.example>", thread="t1", arrived=BEFORE + hours(5))
    assert found(case_with(notice(), invitation(thread="t1"), later))[1] == "thread"
    assert found(case_with(notice(), invitation(thread="t1", account="work"), later))[1] == "inviter"


def test_the_calendars_organiser_goes_before_the_inviter() -> None:
    """A lone invitation is no talk: whoever holds the interview is asked, in a fresh mail if they never wrote."""
    meeting = Meeting(start="2026-05-28T10:00:00+02:00", organizer=TOM)
    assert found(case_with(notice(), invitation(meetings=(meeting,)))) == ("tom@acme.example", "organizer", None)


def test_an_attendee_who_is_not_the_user() -> None:
    """An organiser nobody reads is passed over, and so are the user's addresses, listed or not, and rooms."""
    meeting = Meeting(
        start="2026-05-28",
        organizer=Person(address="notifications@calendly.com"),
        attendees=(
            Person(address="Ana@example.org"),
            Person(address="alias@ana.example"),
            Person(address="c_1@resource.calendar.google.com"),
            TOM,
        ),
    )
    invited = invitation(
        sender="notifications@calendly.com", human=False, recipients=("alias@ana.example",), meetings=(meeting,)
    )
    assert found(case_with(notice(), invited)) == ("tom@acme.example", "attendee", None)


def test_a_calendar_part_cannot_choose_somebody_elsewhere() -> None:
    """Anybody may be named as organiser: who does not belong to the sender's house is not written to."""
    meeting = Meeting(start="2026-05-28", organizer=Person(address="ceo@victim.example"), attendees=(TOM,))
    invited = invitation(sender="no-reply@acme.example", human=False, meetings=(meeting,))
    assert found(case_with(notice(), invited)) == ("tom@acme.example", "attendee", None)


def test_a_calendar_person_who_wrote_is_answered_and_named() -> None:
    """The parent is that person's last message, and the name comes from there."""
    meeting = Meeting(start="2026-05-28", attendees=(Person(address="jane@acme.example"),))
    whom = find(case_with(notice(), invitation(meetings=(meeting,))), LetterKind.REQUEST, own=ANA)
    assert whom.person == JANE
    assert (whom.found_by, whom.direct) == (FoundBy.ATTENDEE, False)
    assert whom.parent
    assert whom.parent.key == "<invitation@acme.example>"


def test_the_recruiter_who_invited() -> None:
    """The sender of the invitation, when there is neither talk nor calendar part."""
    assert found(case_with(notice(), invitation())) == ("jane@acme.example", "inviter", "<invitation@acme.example>")


def test_an_address_in_the_notice() -> None:
    """A person's or the office's own; privacy officers and the like are not asked for advice."""
    signed = notice(signature_addresses=("datenschutz@acme.example", NOBODY, "jobs@acme.example"))
    assert found(case_with(signed)) == ("jobs@acme.example", "signature", None)
    assert found(case_with(notice(signature_addresses=("privacy@acme.example",))))[1] == "nobody"


def test_whom_the_user_named_goes_before_what_is_guessed() -> None:
    """`afterword log interview` names the interviewer; the newest entry counts, one without a good address does not."""
    told = case_with(notice(), invitation())
    entries = (
        Logged(at=NOON, what="interview", person=Person(address="old@acme.example")),
        Logged(at=NOON, what="interview", person=TOM),
        Logged(at=NOON, what="call", person=Person(address="")),
    )
    case = case_of(*(filed(each, _trigger(each)) for each in told.mails), *entries)
    assert found(case) == ("tom@acme.example", "logged", None)
    direct = case_with(notice(sender="jane@acme.example"))
    assert found(case_of(*(filed(each, _trigger(each)) for each in direct.mails), *entries))[1] == "sender"


def _trigger(one: Mail) -> Trigger:
    return {"interview": Trigger.INTERVIEW, "rejection": Trigger.NOTICE}[one.meaning]


def test_without_anybody_the_draft_has_no_recipient() -> None:
    """And is a fresh mail: whoever the user fills in has not seen the notice."""
    assert found(case_with(notice())) == (None, "nobody", None)
    assert found(opened(CaseId("aaaaaa"), NOON)) == (None, "nobody", None)


@pytest.mark.parametrize("warning", ["foreign_reply_to", "dmarc_failed"])
def test_a_doubtful_notice_gets_no_recipient(warning: str) -> None:
    """Even where an interviewer is known: the user looks first. The letter still answers the notice."""
    case = case_with(notice(sender="jane@acme.example", warnings=(warning,)), invitation())
    assert found(case) == (None, warning, "<notice@ats.example>")


def test_a_failed_dmarc_is_told_before_a_foreign_reply_to() -> None:
    """The graver of two warnings."""
    case = case_with(notice(warnings=("foreign_reply_to", "dmarc_failed")))
    assert found(case)[1] == "dmarc_failed"


def test_nobody_is_found_through_a_doubtful_mail() -> None:
    """Neither its sender nor the people in its calendar part."""
    meeting = Meeting(start="2026-05-28", organizer=TOM)
    assert found(case_with(notice(), invitation(meetings=(meeting,), warnings=("dmarc_failed",))))[1] == "nobody"
    assert found(case_with(notice(signature_addresses=("jobs@acme.example",), warnings=("x",))))[1] == "nobody"


def test_the_users_own_addresses_are_never_written_to() -> None:
    """Not as Reply-To, sender, organiser or logged person, whatever their letter case."""
    own = Person(address="A.Sousa@Example.org")
    case = case_with(
        notice(sender="ana@example.org", reply_to=own, human=True),
        invitation(sender="ana@example.org", meetings=(Meeting(start="2026-05-28", organizer=own),)),
    )
    assert found(case)[0] is None


@pytest.mark.parametrize(
    "address",
    [
        "jane",
        "jane@",
        "@acme.example",
        "jane doe@acme.example",
        "jane@acme..example",
        "jane@acme.example\r\nBcc: all@acme.example",
        "jane@acme.example, tom@acme.example",
        "jané@acme.example",
        '"jane doe"@acme.example',
        "j" * 300 + "@acme.example",
    ],
)
def test_what_cannot_stand_in_a_header_is_no_address(address: str) -> None:
    """Syntax errors, two in one, line breaks, and those that need SMTPUTF8."""
    assert found(case_with(notice(sender=address)))[0] is None


@pytest.mark.parametrize(
    ("given_address", "used"),
    [
        ("jane@bücher.example", "jane@xn--bcher-kva.example"),
        ("jane@mail.corp.local", "jane@mail.corp.local"),
        ("jane@acme.test", "jane@acme.test"),
    ],
)
def test_addresses_are_as_headers_carry_them(given_address: str, used: str) -> None:
    """International domains encoded; intranets and test networks have people too."""
    assert found(case_with(notice(sender=given_address)))[0] == used


def test_a_notice_without_message_id_is_answered_by_a_fresh_mail() -> None:
    """The person is known, the thread cannot be."""
    whom = find(case_with(notice(sender="jane@acme.example", message_id=None)), LetterKind.REQUEST, own=ANA)
    assert (whom.person, whom.parent, whom.direct) == (JANE, None, True)


def test_every_way_and_every_lack_is_explained() -> None:
    """A sentence for each word of the vocabulary, and nothing for another."""
    for word in FoundBy:
        assert explain(word).endswith(".")
    assert explain("") == explain("somebody") == ""


@settings(deadline=None)  # time is measured elsewhere; a busy machine is no failure
@given(
    addresses=st.lists(st.text(max_size=40) | st.emails() | st.sampled_from([NOBODY, "ana@example.org"]), min_size=5),
    kind=st.sampled_from(LetterKind),
)
def test_whatever_stands_in_the_headers_nobody_wrong_is_found(addresses: list[str], kind: LetterKind) -> None:
    """Nothing is raised, and who is found is neither the user nor unread nor more than one address."""
    people = [Person(address=address, name=address) for address in addresses]
    meeting = Meeting(start=addresses[0], organizer=people[0], attendees=tuple(people))
    case = case_with(
        notice(sender=addresses[1], reply_to=people[2], signature_addresses=tuple(addresses)),
        invitation(sender=addresses[3], meetings=(meeting,), recipients=tuple(addresses[4:])),
    )
    whom = find(case, kind, own=ANA).person
    if whom is not None:
        assert not ANA.owns(whom.address)
        assert whom.address.casefold() != NOBODY
        assert whom.address.isascii()
        assert whom.address.isprintable()
        assert whom.address.count("@") == 1
        assert not set(whom.address) & set(' <>,;"')
