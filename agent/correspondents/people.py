"""What a case's mails tell about the people in them. Addresses here are as a header may carry them, or none."""

from collections.abc import Iterable, Iterator

from email_validator import EmailNotValidError, validate_email

from agent.case import Case, Mail, Person
from agent.correspondents.values import FoundBy, Owner
from rules.senders import Reach, reach
from rules.verdict import Flag


def answers_go_to(mail: Mail, own: Owner) -> tuple[Person, FoundBy] | None:
    """Reply-To before From (RFC 5322 3.6.2). A mail that calls its mailbox unread is answered only elsewhere."""
    sender = mail.sender or Person(address="")
    unread = Flag.UNMONITORED.value in mail.flags
    reply_to = None if mail.reply_to and unread and _same(mail.reply_to.address, sender.address) else mail.reply_to
    if reply_to and (address := usable(reply_to.address, own)):
        return Person(address=address, name=reply_to.name or sender.name), FoundBy.REPLY_TO
    if not unread and (address := usable(sender.address, own)):
        return Person(address=address, name=sender.name), FoundBy.SENDER
    return None


def talk(case: Case, mail: Mail) -> set[str]:
    """Keys of the mails that hang together with this one by thread or references."""
    inside = {mail.key}
    marks = _marks(mail)
    while joining := [each for each in case.mails if each.key not in inside and marks & _marks(each)]:
        inside.update(each.key for each in joining)
        marks = marks.union(*(_marks(each) for each in joining))
    return inside


def _marks(mail: Mail) -> set[tuple[str, str]]:
    ids = {("", each) for each in (mail.message_id, *mail.references) if each}
    return ids | ({(mail.account, mail.thread)} if mail.thread else set())


def latest(case: Case) -> list[Mail]:
    """Mails whose sender is beyond doubt, newest first."""
    return sorted((mail for mail in case.mails if not mail.warnings), key=lambda mail: mail.arrived, reverse=True)


def from_people(case: Case) -> Iterator[Mail]:
    """Mails that a person wrote to the user, newest first; the notice stands for itself."""
    return (m for m in latest(case) if m.human and not m.outgoing and m.key != case.notice_key)


def last_from(case: Case, address: str) -> Mail | None:
    """The newest message from this address that can be answered in its thread."""
    theirs = (m for m in latest(case) if not m.outgoing and any(_same(address, p.address) for p in _people(m)))
    return next((mail for mail in theirs if mail.message_id), None)


def name_of(case: Case, address: str) -> str:
    """What this address calls itself in any mail of the case."""
    people = (person for mail in latest(case) if not mail.outgoing for person in _people(mail))
    return next((person.name for person in people if person.name and _same(address, person.address)), "")


def known_as(case: Case, person: Person) -> Person:
    """Whom the user named without an address, with the one that this name has in the case's mails."""
    if person.address or not person.name:
        return person
    people = (other for mail in latest(case) if not mail.outgoing for other in _people(mail))
    return next((other for other in people if _same(other.name, person.name)), person)


def _people(mail: Mail) -> tuple[Person, ...]:
    return tuple(person for person in (mail.sender, mail.reply_to) if person)


def with_id(case: Case, message_id: str | None) -> Mail | None:
    """The mail of the case with this Message-ID."""
    return next((mail for mail in case.mails if mail.message_id == message_id), None) if message_id else None


def answerable(mail: Mail) -> Mail | None:
    """Only a message with an id can be answered in its thread."""
    return mail if mail.message_id else None


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def usable(address: str, own: Owner) -> str | None:
    """The address, if it is valid, somebody reads it, and it is not the user's own."""
    ascii_form = valid(address)
    if ascii_form is None or own.owns(ascii_form) or own.owns(address) or reach(ascii_form) is Reach.NOBODY:
        return None
    return None if ascii_form.casefold().endswith(_ROOMS) else ascii_form


def checked(address: str, owners: Iterable[Owner]) -> str:
    """An address that the user typed, as it may stand in a header. Raises ``ValueError`` with a sentence."""
    typed = address.strip()
    ascii_form = valid(typed)
    if ascii_form is None:
        raise ValueError(f"no letter can go to “{typed[:80]}”{_fault(typed)}; an address looks like jane@acme.example")
    if any(own.owns(ascii_form) or own.owns(typed) for own in owners):
        raise ValueError(f"{ascii_form} is your own address; the letter is to go to the employer")
    if reach(ascii_form) is Reach.NOBODY or ascii_form.casefold().endswith(_ROOMS):
        raise ValueError(f"nobody reads what is sent to {ascii_form}; give a person's address, or none")
    return ascii_form


def _fault(address: str) -> str:
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as fault:
        return f" ({str(fault).rstrip('.')})"
    return " (it needs letters before the @ that not every mail server takes)"


def valid(address: str) -> str | None:
    """The address as it may stand in a header: ASCII, an international domain in its encoded form (RFC 5890).

    One with other letters before the @ needs SMTPUTF8 (RFC 6531) on the whole way, and counts as none.
    """
    # Names of intranets and of this machine are reserved in public DNS (RFC 6761, RFC 6762); the library refuses them
    # by name, so the rest of the address is judged under a public one.
    private = ".example" if address.rpartition("@")[2].rpartition(".")[2].casefold() in _PRIVATE_TOP else ""
    try:
        found = validate_email(
            f"{address}{private}", check_deliverability=False, globally_deliverable=False
        ).ascii_email
    except EmailNotValidError:
        return None
    return found.removesuffix(private) if found else None


_ROOMS = ("@group.calendar.google.com", "@resource.calendar.google.com")
"""Calendars and meeting rooms that invite and are invited like people."""

_PRIVATE_TOP = frozenset({"local", "localhost", "test"})
