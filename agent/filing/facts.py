"""From a message and its verdict to what a case keeps of it."""

import re
from collections.abc import Sequence

from agent.case import Mail, Meeting, Person, Words
from connectors.account import Account
from connectors.message import Address, Message
from rules.senders import Reach, is_one_house, reach
from rules.verdict import Appointment, Flag, Verdict


def to_mail(message: Message, verdict: Verdict, reader: Account, accounts: Sequence[Account], *, text: str) -> Mail:
    """The facts of one message. ``reader`` is the account it was read from; ``text`` its newest words, which filing
    keeps for feedback alone."""
    people = [person.address for person in (*message.to, *message.cc)]
    to_self = message.outgoing and all(any(one.owns(address) for one in accounts) for address in people)
    talked = () if to_self else verdict.interview_words
    return Mail(
        key=message.key,
        message_id=message.message_id,
        references=message.ancestors,
        thread=message.thread,
        account=owner(message, reader, accounts).name,
        sender=_person(message.sender),
        reply_to=_person(message.reply_to[0]) if message.reply_to else None,
        recipients=tuple(dict.fromkeys(address.casefold() for address in people)),
        subject=message.subject,
        arrived=message.arrived,
        outgoing=message.outgoing,
        human=_is_human(message, verdict),
        meaning=verdict.meaning.value,
        stage=verdict.stage.value,
        language=verdict.language,
        flags=tuple(sorted(flag.value for flag in verdict.flags)),
        employer=verdict.employer,
        position=verdict.position,
        requisition=verdict.requisition,
        answer_by=verdict.answer_by,
        evidence=tuple(Words(rule=hit.rule, words=hit.words) for hit in verdict.evidence),
        interview_words=tuple(Words(rule=hit.rule, words=hit.words) for hit in talked),
        meetings=tuple(_meeting(appointment) for appointment in verdict.appointments),
        signature_addresses=verdict.signature_addresses,
        phones=() if message.outgoing else verdict.phones,
        warnings=tuple(_warnings(message)),
        text=text,
    )


def owner(message: Message, reader: Account, accounts: Sequence[Account]) -> Account:
    """The account that a message is addressed to (or was sent from) owns its letters; else the one that read it."""
    people = (message.sender,) if message.outgoing else (*message.to, *message.cc)
    named = [account for account in accounts for person in people if person and account.owns(person.address)]
    return reader if reader in named or not named else named[0]


def _person(address: Address | None) -> Person | None:
    return Person(address=address.address, name=address.name) if address else None


def _meeting(appointment: Appointment) -> Meeting:
    organizer = appointment.organizer
    return Meeting(
        start=appointment.start,
        organizer=Person(address=organizer, name=appointment.organizer_name) if organizer else None,
        attendees=tuple(Person(address=address) for address in appointment.attendees),
    )


def _is_human(message: Message, verdict: Verdict) -> bool:
    """A person wrote it and can be answered: the address leads to somebody, and no machine signed it."""
    if message.sender is None or verdict.flags & {Flag.AUTOMATED, Flag.UNMONITORED}:
        return False
    answer_to = message.reply_to[0] if message.reply_to else message.sender
    return reach(answer_to.address) is not Reach.NOBODY


def _warnings(message: Message) -> list[str]:
    found = []
    if message.sender and message.reply_to and _is_foreign(message.sender, message.reply_to[0]):
        found.append("foreign_reply_to")
    # Only the topmost Authentication-Results is the receiving server's own (RFC 8601 section 5).
    if re.search(r"\bdmarc\s*=\s*fail\b", message.header("authentication-results") or "", re.IGNORECASE):
        found.append("dmarc_failed")
    return found


def _is_foreign(sender: Address, reply_to: Address) -> bool:
    """A Reply-To elsewhere than the sender; who cannot be answered lawfully names somebody who can."""
    return reach(sender.address) is not Reach.NOBODY and not is_one_house(sender.domain, reply_to.domain)
