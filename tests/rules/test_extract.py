"""Names in a mail: the right one, or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.message import Address, Message
from rules.extract import Names, addresses, names
from rules.reading import read
from tests.rules.mails import book, message

JANE = "jane.doe@mailbox.example"


def named(text: str, **fields: object) -> Names:
    mail = message(text, **fields)
    return names(mail, read(mail, book()), book())


def sent_by(address: str, name: str = "") -> Address:
    return Address(address=address, name=name)


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("Thank you for your application to Blue Heron Foods. We have read it.", "Blue Heron Foods"),
        ("Thank you for applying to Ferrow & Sons, and for the documents.", "Ferrow & Sons"),
        ("Thank you for your interest in joining Northgate.", "Northgate"),
        ("We are writing about the Data Analyst position at Halden Marine.", "Halden Marine"),
        ("Thank you for your interest in career opportunities at Lumen. We were glad.", "Lumen"),
        ("On behalf of Brightwater Clinics, I would like to thank you.", "Brightwater Clinics"),
        (
            "vielen Dank für Ihre Bewerbung bei der Nordlicht Werke GmbH. Wir haben sie erhalten.",
            "Nordlicht Werke GmbH",
        ),
        (
            "danke für dein Interesse an einer Mitarbeit bei Kleeblatt Logistik und für deine Zeit.",
            "Kleeblatt Logistik",
        ),
        ("Ihre Bewerbung als Bauleiterin bei Hansen Bau hat uns erreicht.", "Hansen Bau"),
        ("im Namen der Stadtwerke Moorheim danke ich Ihnen für das Gespräch.", "Stadtwerke Moorheim"),
    ],
)
def test_the_employer_is_named_in_the_text(text: str, employer: str) -> None:
    """By a phrase that can only name it, up to where the name ends."""
    assert named(f"Hello Ana,\n\n{text}\n", sender=sent_by("jane@mail.ru")).employer == employer


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Thank you for applying for the Senior Data Analyst position at Acme.", "Senior Data Analyst"),
        ("Thank you for your application for the role of Warehouse Lead.", "Warehouse Lead"),
        ("We received your application for the position of Head of Marketing at Acme.", "Head of Marketing"),
        ("Thank you for interviewing for the Staff Nurse role at Acme last week.", "Staff Nurse"),
        ("Thank you for your interest in the Product Operations Manager role.", "Product Operations Manager"),
        ("vielen Dank für Ihre Bewerbung als Projektleiter (m/w/d) bei Acme.", "Projektleiter"),
        ("wir haben Ihre Bewerbung auf die Stelle als Erzieherin erhalten.", "Erzieherin"),
        ("vielen Dank für Ihr Interesse an der Position Leiter Controlling.", "Leiter Controlling"),
    ],
)
def test_the_position_is_named_in_the_text(text: str, position: str) -> None:
    """Without article, gender marks, and the word “position” itself."""
    assert named(f"Hello Ana,\n\n{text}\n").position == position


@pytest.mark.parametrize(
    ("sender", "employer"),
    [
        (sent_by("no-reply@us.greenhouse-mail.io", "Acme Hiring Team"), "Acme"),
        (sent_by("no-reply@us.greenhouse-mail.io", "Blue Heron Foods"), "Blue Heron Foods"),
        (sent_by("no-reply@hire.lever.co", "Acme Careers"), "Acme"),
        (sent_by("acme@myworkday.com", "Acme Workday"), "Acme"),
        (sent_by("system@successfactors.eu", "Nordlicht Karriere"), "Nordlicht"),
        (sent_by("acme+autoreply@talent.icims.com", "Acme @ icims"), "Acme"),
        (sent_by("jane@acme.example", "Jane Doe (Acme)"), "Acme"),
        (sent_by("jane@acme.example", "Jane Doe at Acme"), "Acme"),
        (sent_by("jane@acme.example", "Jane Doe | Acme"), "Acme"),
        (sent_by("jane@gmail.com", "Jane Doe"), None),
        (sent_by("no-reply@us.greenhouse-mail.io", "Greenhouse"), None),
        (sent_by("no-reply@us.greenhouse-mail.io", "no-reply"), None),
        (sent_by("jobs-noreply@linkedin.com", "LinkedIn"), None),
        (sent_by("jane@acme.example", "Jane Doe"), None),
        (sent_by("recruiting@gmail.com", "Recruiting Team"), None),
    ],
)
def test_the_senders_name_may_name_the_employer(sender: Address, employer: str | None) -> None:
    """A machine's or a person's with the company behind it; a platform's own name and a person's are none."""
    assert named("Thank you for your application.", sender=sender).employer == employer


def test_the_senders_domain_confirms_a_name() -> None:
    """Of two candidates the one whose domain wrote; a domain alone names what the mail writes with a capital."""
    text = "Thank you for your application to Talentbridge. The role is at Ferrow."
    assert named(text, sender=sent_by("dana@ferrow.example", "Dana")).employer == "Ferrow"
    assert named("The team of Blue Sky says hello.", sender=sent_by("d@blue-sky.example")).employer == "Blue Sky"
    assert named("The team says hello.", sender=sent_by("d@blue-sky.example")).employer is None


def test_the_signature_may_name_the_employer() -> None:
    """A line that ends in a legal form is a company's."""
    text = "Hello Ana,\n\nwe decided today.\n\nBest regards\nJane Doe\nFerrow Maritime Ltd\n1 High Street\n"
    assert named(text, sender=sent_by("jane@gmail.com", "Jane Doe")).employer == "Ferrow Maritime Ltd"


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your application to our company. We will be in touch.",
        "Thank you for your interest in working with us at this time.",
        "Thank you for your interest in this position and the time you took.",
        "Thank you for applying to the position. We hope to see you at work.",
        "your application for a position at the university hospital is here.",
        "Your application to join our team at home has arrived.",
        "Vielen Dank für Ihre Bewerbung bei uns. Wir melden uns bei Ihnen.",
        "Ihre Bewerbung bei einer unserer Filialen ist da.",
        "Danke für dein Interesse an dieser Stelle in unserem Haus.",
        "I saw your interest in Data Engineer roles and thought of you.",
        "We looked at LinkedIn and Indeed for you, and at your application to LinkedIn.",
    ],
)
def test_what_is_no_name_is_none(text: str) -> None:
    """Pronouns, platforms and common words are no employer."""
    assert named(f"Hello Ana,\n\n{text}\n", sender=sent_by("x@gmail.com", "Jane Doe")).employer is None


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your application for this position.",
        "Thank you for applying for any other role.",
        "Thank you for applying for our open vacancies.",
        "Vielen Dank für Ihre Bewerbung als unsere neue Kollegin.",
    ],
)
def test_what_is_no_title_is_none(text: str) -> None:
    """Common words are no position."""
    assert named(f"Hello Ana,\n\n{text}\n").position is None


@pytest.mark.parametrize(
    ("text", "requisition"),
    [
        ("Requisition ID: R-2024-1187, Data Analyst", "R-2024-1187"),
        ("Job ID 48213 at Acme", "48213"),
        ("about requisition JR104423 in Porto", "JR104423"),
        ("Data Analyst (REQ-20431)", "20431"),
        ("Kennziffer: 2026-118/b", "2026-118/b"),
        ("Stellen-ID 99817 in Köln", "99817"),
        ("Ref. no. AB-1234", "AB-1234"),
        ("Call me on 0113 496 0112, room 12.", None),
        ("The job pays 40 a day.", None),
        ("In 2026 we hired 1200 people.", None),
    ],
)
def test_the_requisition_is_what_is_called_so(text: str, requisition: str | None) -> None:
    """With a word that says so, or in the form that no other number has."""
    assert named(text).requisition == requisition
    assert named("Hello.", subject=text).requisition == requisition


def test_the_subject_counts_first() -> None:
    """It is written by a template, and names what the mail is about."""
    found = named("We thank you.", subject="Your application for the Staff Nurse position at Northgate")
    assert (found.employer, found.position) == ("Northgate", "Staff Nurse")


def test_quoted_mail_names_nobody() -> None:
    """The application below may have been another one."""
    text = (
        "Hello Ana, we thank you.\n\nOn 5/4/26, Ana Sousa wrote:\n> my application to Ferrow for the Clerk position\n"
    )
    found = named(text, sender=sent_by("jane@gmail.com"))
    assert (found.employer, found.position) == (None, None)


def test_the_users_own_mail_names_no_employer_by_its_sender() -> None:
    """Ana is no employer."""
    found = named(
        "Thank you for the talk.", outgoing=True, sender=sent_by("ana@ana-sousa.example", "Ana Sousa | Design")
    )
    assert found.employer is None


def found_addresses(text: str) -> tuple[str, ...]:
    return addresses(read(message(text), book()))


def test_addresses_of_the_newest_text_are_told() -> None:
    """Those of text and signature, valid ones only, each once; none of the quoted mail."""
    text = (
        "Hello Ana,\n\nplease write to dana.smith+jobs@acme.example or to dana.smith+jobs@acme.example.\n"
        "Not to a@b, @acme.example, x@acme..example, x@-acme.example or <x@1.2>.\n\n"
        "Best regards\nJane Doe\njane@acme.example\n\nOn 5/4/26, Ana wrote:\n> old@acme.example\n"
    )
    assert found_addresses(text) == ("dana.smith+jobs@acme.example", "jane@acme.example")


def test_addresses_are_few() -> None:
    """A mail of addresses gives five."""
    assert len(found_addresses("Hello. " + " ".join(f"p{number}@acme.example" for number in range(200)))) == 5


HOSTILE = [
    "",
    " ",
    "A",
    "A" * 5000,
    "Acme\u202eemcA",
    "Acme\x00Corp",
    "Acme\r\nBcc: x@y.example",
    "<b>Acme</b>",
    "{{ employer }}",
    "{% for x in y %}",
    "${jndi:ldap://x}",
    "'; DROP TABLE cases; --",
    "Acme " * 1000,
    "À́̂̃" * 200,
    "アクメ株式会社",
    "אקמה",
    "(((((",
    "at at at at",
    "\ud800",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_harmless(name: str) -> None:
    """Short, one line, without control characters and without what could steer a terminal, or none."""
    for found in (
        named(f"Thank you for applying for the {name} position at {name}.", subject=f"Your application to {name}"),
        named("Thank you for your application.", sender=sent_by("no-reply@us.greenhouse-mail.io", name)),
        named("Thank you for your application.", sender=sent_by("jane@acme.example", f"Jane at {name}")),
    ):
        for value in (found.employer, found.position, found.requisition):
            assert value is None or (2 <= len(value) <= 80 and value == " ".join(value.split()))
            assert value is None or all(sign.isprintable() for sign in value), repr(value)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.text(max_size=120), st.text(max_size=60))
def test_any_text_gives_names_or_none(text: str, subject: str, sender: str) -> None:
    """Never an exception, and never a name longer than a line."""
    found = named(
        f"Thank you for your application to {text}", subject=subject, sender=sent_by("no-reply@acme.example", sender)
    )
    assert all(value is None or len(value) <= 80 for value in (found.employer, found.position, found.requisition))


def test_no_sender_is_no_employer() -> None:
    """A mail without From is read as well."""
    mail: Message = message("Thank you for your application to Ferrow.", sender=None)
    assert names(mail, read(mail, book()), book()).employer == "Ferrow"


@pytest.mark.parametrize(
    ("address", "name", "signed"),
    [
        ("x7f2@email.workable.com", "Sara Cantalupi", "Sara Cantalupi\nTalent Partner"),
        ("x7f2@email.workable.com", "Sara Cantalupi", "Sara"),
        ("seraina.caduff@sulzfluh.recruitee.com", "Seraina Caduff", ""),
    ],
)
def test_a_person_who_writes_through_a_platform_is_no_employer(address: str, name: str, signed: str) -> None:
    """Platforms send in their name."""
    text = f"Hello Ana,\n\nthank you for your application, we will read it.\n\nBest regards\n{signed}\n"
    assert named(text, sender=sent_by(address, name)).employer is None
