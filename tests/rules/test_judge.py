"""What a mail says: about this person, this job, now; and which words say so."""

import pytest

from rules.judge import judge
from rules.load import Rulebook, load_rulebook
from rules.verdict import Evidence, Flag, Meaning, Stage
from tests.rules.sample import mail


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def meaning(book: Rulebook, text: str, **more: object) -> Meaning:
    return judge(mail(text, **more), book).meaning  # type: ignore[arg-type] # the keywords of `mail`


NO = "We have decided to move forward with other candidates."


def test_the_deciding_words_come_first_and_are_the_mails_own(book: Rulebook) -> None:
    """Evidence names the rule and quotes the mail as it stands, curly quotes and all."""
    verdict = judge(mail("Dear Ana,\n\nsadly we’ve decided to move forward\nwith other candidates.\n"), book)
    assert verdict.meaning is Meaning.REJECTION
    assert verdict.evidence[0].rule == "en/going-on-with-others"
    assert verdict.evidence[0].words == "move forward with other candidates"
    assert Evidence(rule="en/regret", words="sadly") in verdict.evidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NO, Meaning.REJECTION),
        ("If we decide to move forward with other candidates, we will tell you.", Meaning.NONE),
        ("Even though we liked you a lot, we decided to move forward with other candidates.", Meaning.REJECTION),
        ("We have not decided to move forward with other candidates.", Meaning.NONE),
        ("Have you heard that we decided to move forward with other candidates?", Meaning.NONE),
        ("“We have decided to move forward with other candidates”: every applicant fears it.", Meaning.NONE),
        ("We are sorry that you have decided to move forward with another employer.", Meaning.WITHDRAWN),
        ("We have decided to move forward with you.", Meaning.INTERVIEW),
        ("We are unable to offer you the position.", Meaning.REJECTION),
        ("We are delighted to offer you the position.", Meaning.OFFER),
        ("Unfortunately we have to reschedule your interview to Thursday.", Meaning.INTERVIEW),
        ("The position has been filled.", Meaning.FILLED),
        ("We have put this position on hold.", Meaning.ON_HOLD),
        ("We are sorry that you have decided not to continue with your application.", Meaning.WITHDRAWN),
        ("Thank you for applying. We have received your application.", Meaning.RECEIPT),
        (f"Thank you for applying. {NO}", Meaning.REJECTION),
        ("Wir haben uns für eine andere Bewerberin entschieden.", Meaning.REJECTION),
        ("Sollten wir uns für eine andere Bewerberin entscheiden, hören Sie von uns.", Meaning.NONE),
        ("Auch wenn es uns wirklich nicht leicht gefallen ist, müssen wir Ihnen leider absagen.", Meaning.REJECTION),
    ],
)
def test_one_clause_decides(book: Rulebook, text: str, expected: Meaning) -> None:
    """Conditions, negations, questions, quotations and who decides about whom turn a sentence around."""
    assert meaning(book, text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for viewing the flat. We have decided to go with another applicant.",
        "We regret to inform you that we are unable to accept your manuscript. Other submissions were stronger.",
        "Your application for the Gold card has been unsuccessful on this occasion.",
        "Thank you for your quote. We have decided to go with another supplier.",
        "The candidate you referred has not been selected.",
        "Hi all, we have decided to move forward with Peter; the other candidates have been informed.",
    ],
)
def test_what_is_not_about_the_readers_job_is_none(book: Rulebook, text: str) -> None:
    """Landlords, journals, banks and suppliers use the same words, and colleagues talk about others."""
    assert meaning(book, text, subject="Decision") is Meaning.NONE


def test_a_mail_to_many_must_speak_to_the_reader(book: Rulebook) -> None:
    """A newsletter that quotes a rejection is none; an applicant system's mailing about “your application” is one."""
    bulk = (("list-unsubscribe", "<https://acme.example/u>"),)
    assert meaning(book, NO, subject="Careers corner", headers=bulk) is Meaning.NONE
    assert meaning(book, f"Thank you for your application. {NO}", headers=bulk) is Meaning.REJECTION


def test_a_job_alert_is_none_whatever_it_says(book: Rulebook) -> None:
    """What opens as a job alert stays one."""
    assert meaning(book, f"30 new jobs match your preferences.\n\n{NO}", subject="New jobs for you") is Meaning.NONE


def test_boilerplate_decides_nothing(book: Rulebook) -> None:
    """What a privacy notice says of every application decides nothing about this one."""
    text = "Under our privacy policy your application is no longer active after six months."
    assert meaning(book, text) is Meaning.NONE


def test_a_receipt_that_regrets_is_a_receipt(book: Rulebook) -> None:
    """Regret, thanks and volume together are no rejection."""
    text = (
        "Thank you for your application, which we have received. Unfortunately, due to the large number of "
        "applications we cannot reply to everyone individually. If you are not selected, we wish you every success."
    )
    assert meaning(book, text) is Meaning.RECEIPT


def test_an_answer_to_the_candidate_is_advice_though_it_repeats_the_no(book: Rulebook) -> None:
    """Feedback that restates the decision opens no second case."""
    text = f"You asked for feedback. {NO} I would recommend preparing three examples with numbers."
    assert meaning(book, text, subject="Re: Data Analyst", answers=True) is Meaning.FEEDBACK


def test_refused_feedback_is_declined_only_in_an_answer(book: Rulebook) -> None:
    """The same sentence in a rejection is a flag."""
    refused = "Unfortunately it is our policy not to share individual feedback."
    assert meaning(book, f"Thank you for your email. {refused}", answers=True) is Meaning.FEEDBACK_DECLINED
    verdict = judge(mail(f"{NO} {refused}"), book)
    assert verdict.meaning is Meaning.REJECTION
    assert Flag.FEEDBACK_RULED_OUT in verdict.flags


def test_what_the_user_writes_is_none_but_a_withdrawal(book: Rulebook) -> None:
    """An own mail speaks of an interview all the same."""
    assert meaning(book, "I would like to withdraw my application.", outgoing=True) is Meaning.WITHDRAWN
    verdict = judge(mail("Thank you for taking the time to meet with me.", outgoing=True), book)
    assert verdict.meaning is Meaning.NONE
    assert verdict.interview_words


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        (f"Thank you for coming to the interview. {NO}", Stage.INTERVIEWED),
        (f"After reviewing your resume, we are writing to you. {NO}", Stage.APPLIED),
        ("I am sorry to inform you that you have not been invited for interview.", Stage.APPLIED),
    ],
)
def test_the_stage_is_told_by_the_words(book: Rulebook, text: str, stage: Stage) -> None:
    """Thanks for a talk, a look at papers, an interview that never was."""
    assert judge(mail(text), book).stage is stage


def test_a_machine_that_speaks_of_no_interview_met_nobody(book: Rulebook) -> None:
    """A person's short note may leave the interview out: then nobody can tell, and a letter may be right."""
    text = "Hi Ana, we are going with someone else for the role."
    assert judge(mail(text, subject="Your Friday"), book).stage is Stage.UNKNOWN
    assert judge(mail(text, subject="Your Friday", sender="no-reply@acme.example"), book).stage is Stage.APPLIED
    assert judge(mail("Hi Ana, the position has been filled.", subject="Your Friday"), book).stage is Stage.APPLIED


EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//EN
METHOD:{method}
BEGIN:VEVENT
UID:1
DTSTAMP:20260512T074107Z
DTSTART:20260521T120000Z
ORGANIZER;CN=Peter Adler:mailto:peter@acme.example
ATTENDEE;CN=Ana:mailto:ana@example.org
ATTENDEE:mailto:iris@acme.example
SUMMARY:{summary}
END:VEVENT
END:VCALENDAR
"""


def event(method: str, summary: str) -> tuple[str, ...]:
    return (EVENT.format(method=method, summary=summary),)


def test_a_calendar_part_calls_to_an_interview(book: Rulebook) -> None:
    """Who, when and who else comes are told; the organiser is somebody to write to."""
    message = mail("You have been invited.", subject="Invitation", calendars=event("REQUEST", "Interview Ana / Acme"))
    verdict = judge(message, book)
    assert verdict.meaning is Meaning.INTERVIEW
    (appointment,) = verdict.appointments
    assert appointment.start == "2026-05-21T12:00:00+00:00"
    assert (appointment.organizer, appointment.organizer_name) == ("peter@acme.example", "Peter Adler")
    assert appointment.attendees == ("ana@example.org", "iris@acme.example")


def test_a_dentists_calendar_part_is_none(book: Rulebook) -> None:
    """An appointment is an interview only if it says so."""
    message = mail("See you.", subject="Invitation", calendars=event("REQUEST", "Dental check-up"))
    assert judge(message, book).meaning is Meaning.NONE


def test_a_cancelled_appointment_is_no_rejection(book: Rulebook) -> None:
    """METHOD:CANCEL is told in the appointments and decides nothing."""
    message = mail("This event has been canceled.", subject="Canceled", calendars=event("CANCEL", "Interview Ana"))
    verdict = judge(message, book)
    assert verdict.meaning is not Meaning.REJECTION
    assert verdict.appointments[0].method == "CANCEL"


def test_bounces_and_absences_are_known_by_header_and_word(book: Rulebook) -> None:
    """An applicant system's Auto-Submitted mail stays what it says."""
    answer = (("auto-submitted", "auto-replied"),)
    away = "I am out of the office until Monday."
    assert meaning(book, away, subject="Re: Interview", headers=answer) is Meaning.OUT_OF_OFFICE
    gone = "Your message could not be delivered."
    assert meaning(book, gone, sender="mailer-daemon@mx.example", subject="Undeliverable") is Meaning.BOUNCE
    assert meaning(book, NO, headers=(("auto-submitted", "auto-generated"),)) is Meaning.REJECTION


def test_the_form_of_address_is_told_in_german(book: Rulebook) -> None:
    """Sie, du, or not known."""
    formal = judge(mail("Vielen Dank für Ihre Bewerbung, die Sie uns geschickt haben."), book).flags
    informal = judge(mail("Vielen Dank für deine Bewerbung, die du uns geschickt hast."), book).flags
    assert (Flag.FORMAL in formal, Flag.INFORMAL in formal) == (True, False)
    assert (Flag.FORMAL in informal, Flag.INFORMAL in informal) == (False, True)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Happy to jump on a call and share some thoughts with you.", Flag.FEEDBACK_OFFERED),
        ("We would love to keep your profile in our talent pool.", Flag.TALENT_POOL),
        ("Please do not reply, this mailbox is not monitored.", Flag.UNMONITORED),
        ("This is an automated message.", Flag.AUTOMATED),
    ],
)
def test_flags_are_told_beside_the_meaning(book: Rulebook, text: str, flag: Flag) -> None:
    """What changes the letter or the recipient, whatever the meaning."""
    verdict = judge(mail(f"{NO} {text}"), book)
    assert verdict.meaning is Meaning.REJECTION
    assert flag in verdict.flags
