"""Which case a message belongs to, and what it means there."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.case import Case, Link, Mail, State, Words
from agent.case.events import DraftSent, MailFiled, UserClosed
from agent.filing import file_mail, move_mail, rivals
from agent.filing.match import Known, Nowhere, Unsure, match
from agent.journal import Journal, Writer
from tests.agent.facts import NOON, T, filed, hours, mail, placed, promised


@pytest.fixture
def writer(tmp_path: Path):
    journal = Journal(f"sqlite:///{tmp_path}/a.db")
    with journal.writing() as writer:
        yield writer
    journal.close()


def known(writer: Writer, one: Mail, trigger: T = T.INTERVIEW) -> Case:
    return writer.append(writer.open_case(NOON), filed(one, trigger, link=Link.OPENED))


def at(employer: str | None, position: str | None = None, meaning: str = "interview", **fields: object) -> Mail:
    name = f"<{employer}-{position}-{meaning}@x.example>"
    return mail(meaning, key=name, employer=employer, position=position, **{"sender": "a@jobs.example", **fields})


# The order of links --------------------------------------------------------------------------------------------------


def test_the_thread_comes_first(writer: Writer):
    """Whatever employer the text names."""
    case = known(writer, at("Acme", "Data Engineer"))
    other = known(writer, at("Other"))
    answer = at("Other", None, "rejection", references=(case.mails[0].message_id,))
    assert match(answer, writer) == Known(case, Link.THREAD)
    assert other.state is State.INTERVIEWED


def test_then_the_requisition_id(writer: Writer):
    """Also where the employer is written in another way; not where another employer uses the same number."""
    case = known(writer, at("Acme", requisition="R-1234"))
    known(writer, at("Acme", "Accountant", requisition="R-9999"))
    assert match(at("Acme GmbH", None, "rejection", requisition="R1234"), writer) == Known(case, Link.REQUISITION)
    assert match(at("Zeta", None, "rejection", requisition="R1234"), writer) == Nowhere()


def test_then_employer_and_position(writer: Writer):
    """With the seniority."""
    known(writer, at("Acme", "Senior Data Engineer"))
    case = known(writer, at("Acme", "Data Engineer"))
    assert match(at("Acme", "Data Engineer", "rejection"), writer) == Known(case, Link.POSITION)


def test_then_the_employer_if_only_one_application_was_ever_seen(writer: Writer):
    """One is enough to be sure; two are not."""
    case = known(writer, at("Acme", "Data Engineer"))
    assert match(at("Acme", None, "rejection"), writer) == Known(case, Link.EMPLOYER)
    second = known(writer, at("Acme", "Accountant"))
    unsure = match(at("Acme", None, "rejection"), writer)
    assert isinstance(unsure, Unsure)
    assert set(unsure.candidates) == {case.id, second.id}


def test_another_position_at_the_same_employer_is_another_application(writer: Writer):
    """Never "the only one there"."""
    known(writer, at("Acme", "Senior Data Engineer"))
    assert match(at("Acme", "Junior Data Engineer", "rejection"), writer) == Nowhere()


def test_the_employer_s_own_domain_stands_for_its_name(writer: Writer):
    """But not freemail, nor an applicant system that serves a thousand employers."""
    case = known(writer, at("Acme", sender="jane@acme.example"))
    assert match(at(None, None, "rejection", sender="hr@acme.example"), writer) == Known(case, Link.EMPLOYER)
    known(writer, at("Beta", sender="no-reply@us.greenhouse-mail.io"))
    known(writer, at("Gamma", sender="someone@gmail.com"))
    for sender in ("no-reply@us.greenhouse-mail.io", "another@gmail.com"):
        assert match(at(None, None, "rejection", sender=sender), writer) == Nowhere()


def test_an_employer_s_newsletter_is_no_part_of_the_application(writer: Writer):
    """What says nothing about an application belongs to one by its thread alone."""
    case = known(writer, at("Acme", sender="jane@acme.example"))
    news = at(None, None, "none", sender="news@acme.example")
    assert match(news, writer) == Nowhere()
    answer = at(None, None, "none", sender="jane@acme.example", references=(case.mails[0].message_id,))
    assert match(answer, writer) == Known(case, Link.THREAD)


def test_a_case_closed_long_ago_takes_no_notice(writer: Writer):
    """Ninety days after its end, the next notice is about another application."""

    case = writer.append(known(writer, at("Acme")), UserClosed(at=NOON))
    assert match(at("Acme", None, "rejection", arrived=NOON + hours(24 * 89)), writer) == Known(case, Link.EMPLOYER)
    assert match(at("Acme", None, "rejection", arrived=NOON + hours(24 * 91)), writer) == Nowhere()


def test_the_user_s_mail_to_an_open_letter_s_correspondent_is_its_sending(writer: Writer):
    """A fresh letter has no thread."""
    notice = at("Acme", None, "rejection")
    case = writer.append(known(writer, notice, T.NOTICE), promised(), placed(parent=None, to="Bob@acme.example"))
    own = mail(outgoing=True, key="<own@example.org>", recipients=("bob@acme.example",), sender="ana@example.org")
    assert match(own, writer) == Known(case, Link.THREAD)
    other = mail(outgoing=True, key="<o@example.org>", recipients=("eve@acme.example",), sender="ana@example.org")
    assert match(other, writer) == Nowhere()


# What becomes of it --------------------------------------------------------------------------------------------------


def test_a_notice_for_a_known_case_never_opens_another(writer: Writer):
    """The recruiter's mail after the system's."""
    case = known(writer, at("Acme", "Data Engineer", "rejection"), T.NOTICE)
    again = file_mail(writer, at("Acme", None, "rejection", sender="jane@acme.example"), NOON)
    assert again.id == case.id
    assert len(writer.cases()) == 1


def test_filing_twice_is_filing_once(writer: Writer):
    """The same mail in two accounts, or read again."""
    one = at("Acme", None, "rejection")
    assert file_mail(writer, one, NOON) is not None
    assert file_mail(writer, one, NOON) is None
    assert len(writer.events(writer.cases()[0].id)) == 1


@pytest.mark.parametrize("meaning", ["none", "question", "offer", "feedback", "out_of_office", "bounce", "on_hold"])
def test_what_belongs_to_no_case_and_opens_none(writer: Writer, meaning: str):
    """Feedback outside a case counts as nothing."""
    assert file_mail(writer, at("Acme", None, meaning), NOON) is None
    assert writer.cases() == []


def test_unsure_a_notice_is_kept_and_an_invitation_is_not_guessed(writer: Writer):
    """The notice opens its own case; its rivals are the live ones."""
    cases = [known(writer, at("Acme", "Data Engineer")), known(writer, at("Acme", "Accountant"))]
    assert file_mail(writer, at("Acme", None, "interview"), NOON) is None
    notice = file_mail(writer, at("Acme", None, "rejection"), NOON)
    assert notice.id not in {case.id for case in cases}
    assert {rival.id for rival in rivals(notice, writer.cases())} == {case.id for case in cases}


@pytest.mark.parametrize("meaning", ["interview", "offer", "reversed", "withdrawn", "feedback"])
def test_what_came_before_the_notice_moves_nothing(writer: Writer, meaning: str):
    """Found by looking back: it is known, and it is over."""
    notice = at("Acme", None, "rejection")
    case = known(writer, notice, T.NOTICE)
    older = at("Acme", None, meaning, arrived=NOON - hours(100), references=(notice.message_id,))
    after = file_mail(writer, older, NOON)
    assert (after.id, after.state, after.notice) == (case.id, State.NOTED, notice)
    assert older.key in {one.key for one in after.mails}


def awaiting(writer: Writer) -> Case:
    notice = at("Acme", None, "rejection", sender="jane@acme.example")
    sent = DraftSent(at=NOON, message_id="<sent@example.org>")
    return writer.append(known(writer, notice, T.NOTICE), promised(), placed(parent=notice.message_id), sent)


@pytest.mark.parametrize("meaning", ["none", "question", "rejection"])
def test_a_person_s_answer_to_our_letter_is_feedback(writer: Writer, meaning: str):
    """Unless judged otherwise; its text is kept."""
    awaiting(writer)
    answer = mail(
        meaning,
        key="<a@acme.example>",
        arrived=NOON + hours(1),
        references=("<sent@example.org>",),
        text="Work on SQL.",
    )
    case = file_mail(writer, answer, NOON)
    assert (case.answered_by, case.answer.text) == ("<a@acme.example>", "Work on SQL.")


@pytest.mark.parametrize("meaning", ["feedback", "feedback_declined", "none"])
def test_an_answer_to_our_letter_came_after_the_notice_whatever_the_clocks_say(writer: Writer, meaning: str):
    """IMAP tells arrival to the second (RFC 9051, 2.3.3), and servers' clocks differ: what it answers is surer."""
    notice = awaiting(writer).notice
    for second in (0, -1):
        answer = mail(
            meaning,
            key=f"<a{second}@acme.example>",
            arrived=notice.arrived + hours(second / 3600),
            references=("<sent@example.org>",),
            text="Work on SQL.",
        )
        assert file_mail(writer, answer, NOON).answered_by == answer.key


@pytest.mark.parametrize(
    ("meaning", "human"), [("out_of_office", True), ("bounce", True), ("none", False), ("interview", True)]
)
def test_what_is_no_answer_to_our_letter(writer: Writer, meaning: str, human: bool):
    """An absence, a bounce, a machine, a call to talk it over; no text of them is kept."""
    awaiting(writer)
    other = mail(
        meaning,
        key="<a@acme.example>",
        arrived=NOON + hours(1),
        human=human,
        references=("<sent@example.org>",),
        text="secret",
    )
    case = file_mail(writer, other, NOON)
    assert (case.state, case.answered_by) == (State.AWAITING_FEEDBACK, None)
    assert case.mails[-1].text is None


def test_feedback_without_a_notice_is_correspondence(writer: Writer):
    """Advice in a live process is no reason to say thank you and good-bye."""
    case = known(writer, at("Acme"))
    after = file_mail(writer, mail("feedback", key="<f@acme.example>", references=(case.mails[0].message_id,)), NOON)
    assert (after.state, after.answered_by) == (State.INTERVIEWED, None)


def test_thanks_for_an_interview_make_it_known(writer: Writer):
    """The user's own thanks tell of an interview that no mail announced."""
    case = known(writer, at("Acme", None, "receipt"), T.RECEIPT)

    thanks = mail(
        outgoing=True, key="<t@example.org>", sender="ana@example.org", references=(case.mails[0].message_id,),
        interview_words=(Words(rule="en/thanks", words="thank you for the interview"),),
    )  # fmt: skip
    assert file_mail(writer, thanks, NOON).state is State.INTERVIEWED


def test_the_user_s_word_files_anything_anywhere(writer: Writer):
    """`afterword file`: in the case that is named, or in a new one."""
    case = known(writer, at("Acme"))
    notice = at("Zeta", None, "rejection")
    assert move_mail(writer, case, notice, NOON).notice == notice
    fresh = move_mail(writer, None, at("Eta", None, "rejection"), NOON)
    assert (fresh.state, fresh.notice_link) == (State.NOTED, Link.USER)


def test_every_filed_mail_is_an_event_with_its_link(writer: Writer):
    """`show` can say why it is here."""
    case = file_mail(writer, at("Acme", None, "rejection"), NOON)
    (event,) = writer.events(case.id)
    assert isinstance(event, MailFiled)
    assert (event.link, event.trigger) == (Link.OPENED, T.NOTICE)


def test_two_names_at_one_domain_are_one_employer_when_the_position_agrees(writer: Writer):
    """A calendar's robot is called Calendar; an agency's two clients stay two."""
    case = known(writer, at("Calendar", "Data Engineer", sender="noreply@acme.example"))
    assert match(at("Acme", "Data Engineer", "rejection", sender="no-reply@acme.example"), writer).case == case
    assert match(at("Zeta", "Accountant", "rejection", sender="no-reply@acme.example"), writer) == Nowhere()


# Several letters to one person ---------------------------------------------------------------------------------------


def test_several_fresh_letters_to_one_recruiter_are_told_apart_by_their_subject(writer: Writer):
    """An agency's recruiter for two jobs: the sent mail is the one it is called like."""
    for name in ("Acme", "Zeta"):
        notice = at(name, None, "rejection", sender=f"no-reply@{name.lower()}.example")
        letter = replace(placed(parent=None, to="kim@agency.example"), subject=f"Thank you, {name}")
        writer.append(known(writer, notice, T.NOTICE), promised(), letter)
    fields = {"outgoing": True, "sender": "ana@example.org", "recipients": ("kim@agency.example",)}
    own = mail(key="<own@example.org>", subject="Re: Thank you, Zeta", **fields)
    assert match(own, writer).case.employer == "Zeta"


def test_two_letters_to_one_person_and_feedback_that_names_neither(writer: Writer):
    """No guess: neither case is thanked for the other's feedback."""
    for number, name in enumerate(("Acme", "Zeta")):
        notice = at(name, None, "rejection", sender=f"no-reply@{name.lower()}.example")
        letter = replace(placed(parent=None, to="kim@agency.example"), subject=f"Thank you, {name}")
        sent = DraftSent(at=NOON, message_id=f"<s{number}@example.org>")
        writer.append(known(writer, notice, T.NOTICE), promised(), letter, sent)
    answer = mail("feedback", key="<f@agency.example>", sender="kim@agency.example", arrived=NOON + hours(1))
    assert match(answer, writer) == Nowhere()
    named = match(replace(answer, subject="AW: Re: thank you, acme"), writer)
    assert (named.case.employer, named.link) == ("Acme", Link.CORRESPONDENT)


@pytest.mark.parametrize("subject", ["", "Re:", "Lunch?"])
def test_a_subject_that_says_nothing_links_nothing(writer: Writer, subject: str):
    """An empty one is no name."""
    notice = at("Acme", None, "rejection", sender="no-reply@acme.example")
    letter = replace(placed(parent=None, to="kim@agency.example"), subject=subject if subject != "Lunch?" else "")
    sent = DraftSent(at=NOON, message_id="<s@example.org>")
    writer.append(known(writer, notice, T.NOTICE), promised(), letter, sent)
    other = mail(key="<o@agency.example>", sender="kim@agency.example", subject=subject, arrived=NOON + hours(1))
    assert match(other, writer) == Nowhere()
