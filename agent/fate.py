"""What the user did with a draft, from what lies in Drafts and what was sent. A Message-ID proves nothing here:
mail clients mint a new one when they save and when they send (Thunderbird, Gmail, classic Outlook, neomutt).

The evidence is what a sent message answers, its thread, who gets it, when it was sent and what it is called. A draft
moved into another folder is gone like a deleted one: the user put it aside, and a copy sent later is still noticed.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.case import Case, Letter, LetterKind, Mail
from agent.case.events import DraftDiscarded, DraftEdited, DraftMissed, DraftSent, Event
from connectors.port import Changed, Gone, Untouched
from rules.senders import is_freemail, is_platform

GRACE = timedelta(minutes=10)
"""A client that syncs by halves removes the draft first and shows the sent copy minutes later."""

CROWD = 3
"""So many drafts gone at once, none of them sent, look like a folder emptied or an account half gone."""

CROWD_GRACE = timedelta(days=1)

SKEW = timedelta(minutes=2)
"""Clocks of servers differ: a sent copy may bear a time a little before our own."""


@dataclass(frozen=True, kw_only=True)
class Sending:
    """The message that did what a letter was for. ``own``: the user's copy; None while only its answer is seen."""

    message_id: str | None
    own: Mail | None = None


def sending(case: Case, letter: Letter, *, gone: bool) -> Sending | None:
    """What the user sent in the letter's place, or None. ``gone``: the draft lies in Drafts no more."""
    own = own_answer(case, letter)
    if own is not None:
        return Sending(message_id=own.message_id, own=own)
    answered = _answered_id(case, letter, gone=gone)
    return Sending(message_id=answered) if answered else None


def own_answer(case: Case, letter: Letter) -> Mail | None:
    """The user's first own message since the letter's occasion that does what the letter was for: answers its parent,
    stands in its thread or, for a fresh letter, goes to its correspondent. From whichever account it was sent."""
    since, taken = _occasion(case, letter) - SKEW, {each.sent_id for each in case.letters if each.sent_id}
    mails = sorted(case.mails, key=lambda mail: mail.arrived)
    sent = (m for m in mails if m.outgoing and m.arrived >= since and m.message_id not in taken)
    return next((mail for mail in sent if _does_the_same(case, letter, mail)), None)


def settle(
    case: Case,
    letter: Letter,
    lying: Untouched | Changed | Gone,
    now: datetime,
    *,
    crowd: bool,
    check: Callable[[str], Sequence[str]],
) -> Event | None:
    """What became of the draft since the last look, or None. ``crowd``: it is one of many that vanished together."""
    gone = isinstance(lying, Gone)
    sent = sending(case, letter, gone=gone)
    if sent is not None:
        return sent_event(letter, sent, now, gone=gone)
    if isinstance(lying, Gone):
        return _vanished(letter, now, crowd=crowd)
    if letter.missed is not None:
        return DraftMissed(at=now, back=True)
    if isinstance(lying, Changed):
        digest = hashlib.sha256(lying.text.encode()).hexdigest()
        if digest != letter.edit_digest:
            return DraftEdited(at=now, digest=digest, breaches=tuple(check(lying.text)))
    return None


def sent_event(letter: Letter, sent: Sending, now: datetime, *, gone: bool) -> DraftSent:
    """The sending as an event. While the draft lies there, or before it was placed, the user wrote on their own."""
    before = sent.own is not None and letter.placed is not None and sent.own.arrived < letter.placed - SKEW
    to = (letter.to.address.casefold(),) if letter.to else ()
    return DraftSent(
        at=now,
        message_id=sent.message_id,
        thread=sent.own.thread if sent.own else None,
        to=sent.own.recipients if sent.own else to,
        answered=before or not gone,
        asks=letter.asks and letter.kind is LetterKind.THANKS,
    )


def goes_where(letter: Letter, sent: Mail) -> bool:
    """The user's mail goes where a fresh letter was to go; one without a recipient is known by its subject alone."""
    if letter.to is not None:
        return letter.to.address.casefold() in sent.recipients
    return _same_subject(letter, sent)


def reaches_them(case: Case, sent: Mail) -> bool:
    """Whether the user's mail goes to somebody of the case: a rejection passed on to a friend answers nobody."""
    return not sent.recipients or bool({_house(each) for each in sent.recipients} & _houses(case))


def _vanished(letter: Letter, now: datetime, *, crowd: bool) -> Event | None:
    if letter.missed is None:
        return DraftMissed(at=now)
    return DraftDiscarded(at=now) if now - letter.missed >= (CROWD_GRACE if crowd else GRACE) else None


def _occasion(case: Case, letter: Letter) -> datetime:
    """Since when the user's own words make the letter moot: the news, the answer to be thanked for, or the promise."""
    if letter.kind is LetterKind.REQUEST and not letter.asked and case.turned_down:
        return min(case.turned_down, letter.promised)
    if letter.kind is LetterKind.THANKS and case.answer:
        return min(case.answer.arrived, letter.promised)
    return letter.promised


def _does_the_same(case: Case, letter: Letter, sent: Mail) -> bool:
    if letter.parent is None:
        return goes_where(letter, sent)
    if not (reaches_them(case, sent) or _same_subject(letter, sent)):
        return False
    parent = next((mail for mail in case.mails if mail.message_id == letter.parent), None)
    thread = (parent.account, parent.thread) if parent and parent.thread else None
    return letter.parent in sent.references or (sent.account, sent.thread) == thread


def _answered_id(case: Case, letter: Letter, *, gone: bool) -> str | None:
    """The Message-ID of a sending that only its answer tells of: the copy in Sent comes late, or is kept elsewhere.

    An answer to the draft's own id is proof. Once the draft is gone, so is their mail below the letter's parent that
    answers a message nobody has seen here.
    """
    known = {mail.message_id for mail in case.mails} | {each.sent_id for each in case.letters}
    since = (letter.placed or letter.promised) - SKEW
    for mail in sorted(case.mails, key=lambda mail: mail.arrived):
        if mail.outgoing or not mail.references or mail.arrived < since:
            continue
        if letter.message_id in mail.references:
            return letter.message_id
        last = mail.references[-1]
        if gone and last not in known and _is_from_them(letter, mail):
            return last
    return None


def _is_from_them(letter: Letter, mail: Mail) -> bool:
    """From the correspondent's house, and below what the letter answers."""
    if letter.to is None or mail.sender is None or _house(letter.to.address) != _house(mail.sender.address):
        return False
    return letter.parent is None or letter.parent in mail.references


def _same_subject(letter: Letter, sent: Mail) -> bool:
    return bool(letter.subject) and sent.subject.casefold() == letter.subject.casefold()


def _houses(case: Case) -> set[str]:
    """Where the people of the case are: who wrote, signed, met or interviewed the user."""
    received = [mail for mail in case.mails if not mail.outgoing]
    people = [letter.to for letter in case.letters] + [entry.person for entry in case.logged]
    people += [person for mail in received for person in (mail.sender, mail.reply_to)]
    meetings = [meeting for mail in received for meeting in mail.meetings]
    people += [person for meeting in meetings for person in (meeting.organizer, *meeting.attendees)]
    addresses = {person.address.casefold() for person in people if person and person.address}
    addresses |= {address.casefold() for mail in received for address in mail.signature_addresses}
    own = {mail.sender.address.casefold() for mail in case.mails if mail.outgoing and mail.sender}
    return {_house(address) for address in addresses - own}


def _house(address: str) -> str:
    """What stands for a person's employer: the domain, or where anybody may have one, the whole address."""
    folded = address.casefold()
    domain = folded.rpartition("@")[2]
    return folded if is_freemail(domain) or is_platform(domain) else domain
