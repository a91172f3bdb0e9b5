"""What the user did with a draft, from what lies in Drafts and what was sent. A Message-ID proves nothing here:
mail clients mint a new one when they save and when they send (Thunderbird, Gmail, classic Outlook)."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from agent.case import Case, Letter, LetterKind, Mail
from agent.case.events import DraftDiscarded, DraftEdited, DraftMissed, DraftSent, Event
from connectors.port import Changed, Gone, Untouched

GRACE = timedelta(minutes=10)
"""A client that syncs by halves removes the draft first and shows the sent copy minutes later."""

CROWD = 3
"""So many drafts gone at once, none of them sent, look like a folder emptied or an account half gone."""

CROWD_GRACE = timedelta(days=1)

SKEW = timedelta(minutes=2)
"""Clocks of servers differ: a sent copy may bear a time a little before our own."""


def own_answer(case: Case, letter: Letter, *, after: datetime) -> Mail | None:
    """The user's first own message since ``after`` that does what the letter was for: answers its parent, stands in
    its thread or, for a fresh letter, goes to its correspondent."""
    sent = sorted((m for m in case.mails if m.outgoing and m.arrived >= after - SKEW), key=lambda mail: mail.arrived)
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
    sent = own_answer(case, letter, after=letter.placed or letter.promised)
    if sent is not None:
        return DraftSent(
            at=now,
            message_id=sent.message_id,
            thread=sent.thread,
            to=sent.recipients,
            answered=not isinstance(lying, Gone),
            asks=letter.asks and letter.kind is LetterKind.THANKS,
        )
    if isinstance(lying, Gone):
        return _vanished(letter, now, crowd=crowd)
    if letter.missed is not None:
        return DraftMissed(at=now, back=True)
    if isinstance(lying, Changed):
        digest = hashlib.sha256(lying.text.encode()).hexdigest()
        if digest != letter.edit_digest:
            return DraftEdited(at=now, digest=digest, breaches=tuple(check(lying.text)))
    return None


def _vanished(letter: Letter, now: datetime, *, crowd: bool) -> Event | None:
    if letter.missed is None:
        return DraftMissed(at=now)
    return DraftDiscarded(at=now) if now - letter.missed >= (CROWD_GRACE if crowd else GRACE) else None


def goes_where(letter: Letter, sent: Mail) -> bool:
    """The user's mail goes where a fresh letter was to go; one without a recipient is known by its subject alone."""
    if letter.to is not None:
        return letter.to.address.casefold() in sent.recipients
    return bool(letter.subject) and sent.subject.casefold() == letter.subject.casefold()


def _does_the_same(case: Case, letter: Letter, sent: Mail) -> bool:
    if letter.parent is None:
        return goes_where(letter, sent)
    if letter.parent in sent.references:
        return True
    parent = next((mail for mail in case.mails if mail.message_id == letter.parent), None)
    return (
        parent is not None
        and parent.thread is not None
        and (parent.account, parent.thread)
        == (
            sent.account,
            sent.thread,
        )
    )
