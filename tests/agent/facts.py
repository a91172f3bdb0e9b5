"""Short ways to say what came: mails and cases for the tests of the agent."""

from datetime import UTC, datetime, timedelta
from typing import Any

from agent.case import Case, CaseId, LetterKind, Link, Mail, Person, Trigger, opened, replay
from agent.case.events import DraftPlaced, Event, LetterPromised, MailFiled

T = Trigger

NOON = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
"""A Wednesday."""


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def mail(meaning: str = "none", *, sender: str | None = "jane@acme.example", **fields: Any) -> Mail:
    """A mail from Jane at Acme, unless told otherwise."""
    key = fields.pop("key", f"<{meaning}-{fields.get('arrived', NOON).timestamp():.0f}@acme.example>")
    standard: dict[str, Any] = {
        "message_id": key,
        "account": "home",
        "arrived": NOON,
        "human": True,
        "recipients": ("ana@example.org",),
        "language": "en",
    }
    person = Person(address=sender, name="Jane Doe") if sender else None
    return Mail(key=key, meaning=meaning, sender=person, **(standard | fields))


def filed(one: Mail, trigger: Trigger, *, link: Link = Link.THREAD, at: datetime | None = None) -> MailFiled:
    return MailFiled(at=at or one.arrived, mail=one, trigger=trigger, link=link)


def promised(kind: LetterKind = LetterKind.REQUEST, *, number: int = 1, at: datetime = NOON) -> LetterPromised:
    return LetterPromised(
        at=at, letter=kind, number=number, message_id=f"<letter-{number}@example.org>", account="home"
    )


def placed(*, at: datetime = NOON, to: str = "jane@acme.example", parent: str | None, asks: bool = True) -> DraftPlaced:
    return DraftPlaced(at=at, ref="r1", to=Person(address=to), found_by="sender", parent=parent, asks=asks)


def case_of(*events: Event, case_id: str = "aaaaaa") -> Case:
    """The case that these events make."""
    return replay(opened(CaseId(case_id), events[0].at), events)


NOTICE = mail("rejection", key="<notice@acme.example>", stage="interviewed", employer="Acme", position="Data Engineer")


def turned_down(*more: Event) -> Case:
    """A case with a notice at noon."""
    return case_of(filed(NOTICE, Trigger.NOTICE, link=Link.OPENED), *more)


def drafted(*more: Event) -> Case:
    """A case whose request lies in Drafts since noon."""
    return turned_down(promised(), placed(parent=NOTICE.message_id), *more)
