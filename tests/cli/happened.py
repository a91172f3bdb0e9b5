"""What happened before a command is typed: cases in a few words."""

from datetime import UTC, datetime

from agent.case import Link, Trigger, Words
from agent.case.events import Event, MailFiled
from tests.agent.facts import filed, hours, mail, placed, promised

NOW = datetime.now(UTC).replace(microsecond=0)


def notice(age: float, **fields: object) -> MailFiled:
    standard = {"employer": "Acme", "position": "Data Engineer", "stage": "interviewed", "subject": "Your application"}
    evidence = (Words(rule="en/decided-on-others", words="decided to move forward with others"),)
    one = mail("rejection", arrived=NOW - hours(age), evidence=evidence, **(standard | fields))
    return filed(one, Trigger.NOTICE, link=Link.OPENED)


def drafted(age: float, **fields: object) -> list[Event]:
    first = notice(age, **fields)
    return [first, promised(at=first.at), placed(at=first.at, parent=first.mail.message_id)]
