"""Cases with feedback, for the tests of lessons and for the picture of their page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from agent.case import Link, Person, Trigger
from agent.case.events import Event, Logged
from tests.agent.facts import filed, mail

DAY = timedelta(days=1)

LONG = """Hi Ana,

Thank you for writing, and for your interest in the role.

You came well prepared and your questions at the end stood out. Your SQL was strong, but your answers were rather long
and it was hard to follow the main point. We also missed concrete examples with numbers.

All the best for the future!
"""

LISTED = """Dear Ana,

It was a strong field, and others were simply a better fit. Since you ask:

Strengths:
- warm and easy to talk to
- well structured presentation

To improve:
1. Practise shorter answers; we often lost the thread.
2. You knew little about our product.
"""

GERMAN = """Liebe Frau Sousa,

vielen Dank für Ihre Nachricht. Fachlich haben Sie uns überzeugt. Allerdings fehlten uns konkrete Beispiele, und zu
Beginn wirkten Sie etwas nervös.

Mit freundlichen Grüßen
"""

CALL = "Be more concise. Bring one number for each project. Think aloud before you start to code."

FRANK = """Hello Ana,

To be frank, the team is young and your age was a concern. In the case study we would have liked to see more of
your thinking.
"""

POLITE = """Dear Ana,

Others were simply a better fit. It was a close decision. Keep doing what you are doing!
"""


def told(
    text: str,
    at: datetime,
    *,
    employer: str = "Acme",
    position: str = "Data Engineer",
    who: str = "Jane Doe",
    language: str = "en",
) -> list[Event]:
    """A case that was turned down and got this feedback a day later, which is ``at``."""
    host = f"{employer.casefold().replace(' ', '')}.example"
    person = Person(address=f"{who.split(maxsplit=1)[0].casefold()}@{host}", name=who)
    about = {"employer": employer, "position": position, "stage": "interviewed", "language": language}
    key = f"{at:%Y%m%d}@{host}"
    notice = mail("rejection", key=f"<no-{key}>", arrived=at - DAY, **about)
    answer = mail("feedback", key=f"<yes-{key}>", arrived=at, text=text, **about)
    by = [replace(one, sender=person) for one in (notice, answer)]
    return [filed(by[0], Trigger.NOTICE, link=Link.OPENED), filed(by[1], Trigger.FEEDBACK)]


def called(note: str, at: datetime, *, employer: str = "Orchard") -> list[Event]:
    """A case that was turned down, and advice on the phone."""
    [notice, _] = told(note, at, employer=employer)
    who = Person(address="", name="Sam Lee")
    return [notice, Logged(at=at, what="call", account="home", person=who, note=note, asked=True)]


def a_year(now: datetime) -> Iterator[list[Event]]:
    """What a busy year brings."""
    yield told(LONG, now - 300 * DAY)
    yield told(LISTED, now - 215 * DAY, employer="Northwind", position="Data Analyst", who="Priya Nair")
    yield told(GERMAN, now - 150 * DAY, employer="Rheinwerk", who="Katrin Vogel", language="de")
    yield called(CALL, now - 96 * DAY)
    yield told(FRANK, now - 40 * DAY, employer="Bluefin", position="Analytics Engineer", who="Tom Reyes")
    yield told(POLITE, now - 20 * DAY, employer="Quayside", who="Mia Chen")
    yield told(
        "Your answers stayed general; examples with results would have helped. You listened well and were calm.",
        now - 9 * DAY,
        employer="Halden",
        who="Ola Berg",
    )
