"""Names, positions and subjects of strangers, made fit to stand in a letter."""

import pytest

from agent.case import Person
from agent.letters import clean
from agent.letters.names import Name, of_person
from tests.agent.letters import BOOK


@pytest.mark.parametrize(
    ("display", "address", "full", "first"),
    [
        ("Jane Doe", "jane@acme.example", "Jane Doe", "Jane"),
        ("  Jane   Doe ", "x@acme.example", "Jane Doe", "Jane"),
        ('"Doe, Jane"', "x@acme.example", "Jane Doe", "Jane"),
        ("von Berg, Anna", "x@acme.example", "Anna von Berg", "Anna"),
        ("JANE DOE", "x@acme.example", "Jane Doe", "Jane"),
        ("Dr. Jane Doe", "x@acme.example", "Dr. Jane Doe", "Jane"),
        ("Prof. Dr. Jane Doe", "x@acme.example", "Prof. Dr. Jane Doe", "Jane"),
        ("Frau Jane Doe", "x@acme.example", "Jane Doe", "Jane"),
        ("Jane Doe, PHR", "x@acme.example", "Jane Doe", "Jane"),
        ("Jane Doe (Acme)", "x@acme.example", "Jane Doe", "Jane"),
        ("<b>Jane Doe</b>", "x@acme.example", "Jane Doe", "Jane"),
        ("Jane Doe <jane@acme.example>", "x@acme.example", "Jane Doe", "Jane"),
        ("Jane (she/her) Doe", "x@acme.example", "Jane Doe", "Jane"),
        ("Jane Doe | Acme Careers", "x@acme.example", "Jane Doe", "Jane"),
        ("Jane Doe - Talent Acquisition", "x@acme.example", "Jane Doe", "Jane"),
        ("Jane Doe via Greenhouse", "x@ats.example", "Jane Doe", "Jane"),
        ("Jane Doe from Acme", "x@ats.example", "Jane Doe", "Jane"),
        ("Jane Doe bei Beispiel GmbH", "x@ats.example", "Jane Doe", "Jane"),
        ("Anna-Lena Müller-Lüdenscheidt", "x@acme.example", "Anna-Lena Müller-Lüdenscheidt", "Anna-Lena"),
        ("Seán O'Brien", "x@acme.example", "Seán O'Brien", "Seán"),
        ("Jan van der Berg", "x@acme.example", "Jan van der Berg", "Jan"),
        ("María del Carmen García", "x@acme.example", "María del Carmen García", "María"),
        ("J. Doe", "x@acme.example", "J. Doe", "J. Doe"),
        ("Иван Петров", "x@acme.example", "Иван Петров", "Иван"),
        ("Jane", "jane@acme.example", "Jane", "Jane"),
        ("José", "jose.garcia@acme.example", "José", "José"),
        ("Anton Acme", "anton@acme.example", "Anton Acme", "Anton"),
        ("Acme, Dr. Anton", "a.acme@acme-partner.example", "Dr. Anton Acme", "Anton"),
        ("Anton Acme", "aacme@acme.example", "Anton Acme", "Anton"),
    ],
)
def test_a_person_is_greeted_by_name(display: str, address: str, full: str, first: str) -> None:
    """Titles kept, companies and services cut, surnames behind a comma turned round."""
    person = Person(address=address, name=display)
    assert of_person(person, employer=None, no_names=BOOK.no_names, ends=BOOK.name_ends) == Name(full=full, first=first)


@pytest.mark.parametrize(
    ("display", "address"),
    [
        ("", "jane@acme.example"),
        ("Talent Acquisition", "x@acme.example"),
        ("HR Team", "x@acme.example"),
        ("Acme Recruiting", "x@acme.example"),
        ("Globex Berlin", "jobs@globex.example"),
        ("Blue Horizon", "contact@bluehorizon.example"),
        ("Initech Deutschland", "x@ats.example"),
        ("Arden Rail Heritage", "jobs@ardenrail.example"),
        ("Acme Berlin", "acme@acme.example"),
        ("Acme", "acme@acme.example"),
        ("Personalabteilung", "personalabteilung@acme.example"),
        ("Bewerbermanagement Muster GmbH", "x@acme.example"),
        ("Karriere", "karriere@acme.example"),
        ("Recruiter Jane Doe", "x@acme.example"),
        ("Jane", "x@acme.example"),
        ("jane.doe@acme.example", "jane.doe@acme.example"),
        ("Jane Doe and Tom Fox", "x@acme.example"),
        ("Jane Doe & Tom Fox", "x@acme.example"),
        ("Jane Doe, Acme", "x@ats.example"),
        ("Your Application", "x@acme.example"),
        ("do not reply", "x@acme.example"),
        ("R2 D2", "x@acme.example"),
        ("DOE Jane", "x@acme.example"),
        ("田中太郎", "tanaka@acme.example"),
        ("{{ 7 * 7 }}", "x@acme.example"),
        ("Jane Doe`s", "x@acme.example"),
        ("Click https://evil.example now", "x@acme.example"),
        ("Jane " * 40, "x@acme.example"),
        ("Jane " + "D" * 500, "x@acme.example"),
    ],
)
def test_whoever_is_not_safely_a_person_is_not_named(display: str, address: str) -> None:
    """Roles, teams, companies, addresses, and everything odd."""
    person = Person(address=address, name=display)
    assert of_person(person, employer="Initech", no_names=BOOK.no_names, ends=BOOK.name_ends) is None
    assert of_person(None, employer=None, no_names=BOOK.no_names, ends=BOOK.name_ends) is None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Data Engineer", "Data Engineer"),
        ("Senior Backend Engineer (m/w/d)", "Senior Backend Engineer"),
        ("Consultant - m/f/x", "Consultant"),
        ("Entwickler:in (all genders)", "Entwickler:in"),
        ("Pflegefachkraft (w/m/d) 80-100%", "Pflegefachkraft 80-100%"),
        ("“Data Engineer”", "Data Engineer"),
        ("Data Engineer role", "Data Engineer"),
        ("Data\r\n  Engineer", "Data Engineer"),
        ("C++ / C# Developer, R&D", "C++ / C# Developer, R&D"),
        ("Node.js/React Developer", "Node.js/React Developer"),
        ("Data\u202eEngineer\u200b", "DataEngineer"),
        ("Data Engineer.", "Data Engineer"),
    ],
)
def test_positions_are_said_as_people_say_them(raw: str, said: str) -> None:
    """Without „(m/w/d)“, without quotes, in one line."""
    assert clean.position(raw) == said


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "   ",
        "123",
        "{{7*7}}",
        "{% for i in x %}",
        "<script>alert(1)</script>",
        "Engineer <jane@acme.example>",
        "see https://evil.example/x",
        "www.evil.example",
        "javascript:alert(1)",
        "Engineer mailto:eve@evil",
        "evil.com/login",
        "Engineer &amp; more",
        "Engineer [click](x)",
        "Engineer? Really",
        "Buy now!",
        "a b c d e f g h i j k l m n",
        "x" * 81,
        "x" * 2000,
        "\u202e\u200b",
    ],
)
def test_whatever_is_no_position_is_left_out(raw: str | None) -> None:
    """Markup, addresses, templates, sentences, and far too much."""
    assert clean.position(raw) is None


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Your application", "Re: Your application"),
        ("Re: Your application", "Re: Your application"),
        ("RE: AW: Re[2]: Antw: SV: Your application", "Re: Your application"),
        ("WG: Fwd: Re : Your application", "Re: Your application"),
        ("回复：Your application", "Re: Your application"),
        ("Research engineer: your application", "Re: Research engineer: your application"),
        ("Re-inventing hiring", "Re: Re-inventing hiring"),
        ("Your\r\n application\tat Acme", "Re: Your application at Acme"),
        ("Hello\r\nBcc: all@acme.example", "Re: Hello Bcc: all@acme.example"),
        ("\u202egnp.exe\u202c ready", "Re: gnp.exe ready"),
        ("x" * 5000, "Re: " + "x" * 400),
        ("Re: ", ""),
        ("", ""),
    ],
)
def test_subjects_of_answers(subject: str, answer: str) -> None:
    """One Re: whatever stood there; one line; nothing that turns the reading direction."""
    assert clean.reply_subject(subject) == answer
