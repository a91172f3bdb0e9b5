"""Promises to drafts. A promise is kept once: the draft's Message-ID was minted with it."""

import logging
from dataclasses import replace

from agent import correspondents
from agent.alerts import Alert, AlertKind
from agent.case import Case, Letter, State
from agent.case.events import DraftPlaced, Event, Hindered
from agent.correspondents import Correspondent
from agent.fate import Sending, own_answer, sent_event
from agent.letters import compose
from agent.timetable import lapses, meetings
from agent.turn.given import Given
from connectors.port import DraftRef, Gone, Refused

log = logging.getLogger("afterword.turn")

_IN_THE_WAY = "the {} drafted earlier still lies in your Drafts, in the same thread; send it or delete it first"

_DUE = (State.REQUEST_DUE, State.THANKS_DUE, State.ENQUIRY_DUE)


def write(given: Given) -> None:
    """Place every promised draft of the account. What hinders one does not hinder the next."""
    with given.journal.reading() as reader:
        promised = [case for case in reader.cases(*_DUE) if given.is_mine(case)]
        waiting = reader.cases(State.INTERVIEWED, State.ENQUIRY_DUE, State.ENQUIRY_DRAFTED)
    another = any(start > given.now for case in waiting for start in meetings(case))
    for case in promised:
        if case.letter is not None:
            _keep(given, case, case.letter, another=another)


def _keep(given: Given, case: Case, letter: Letter, *, another: bool) -> None:
    end = lapses(case)
    if end is not None and given.now >= end:
        return  # `ring` ends it
    whom = correspondents.find(case, letter.kind, own=given.account)
    event = _written_already(case, letter, whom, given) or _lies_already(given, case, letter, whom)
    if event is None:
        event = _place(given, case, letter, whom, next_interview=another)
    with given.journal.writing() as writer:
        fresh = writer.case(case.id)
        if fresh is None or fresh.letter != letter or fresh.state is not case.state:
            return  # the user's own command came in between; a placed draft is found again by its id
        if isinstance(event, Hindered) and fresh.hindrance == event.reason:
            return
        writer.append(fresh, event)
    if isinstance(event, Hindered):
        _tell(given, case, event)


def _written_already(case: Case, letter: Letter, whom: Correspondent, given: Given) -> Event | None:
    """The user wrote on their own before the draft was placed."""
    parent = whom.parent.message_id if whom.parent else None
    own = own_answer(case, replace(letter, parent=parent, to=whom.person))
    return sent_event(letter, Sending(message_id=own.message_id, own=own), given.now, gone=False) if own else None


def _lies_already(given: Given, case: Case, letter: Letter, whom: Correspondent) -> Event | None:
    """One open draft a thread. The user may have closed the case and asked again: then the draft that lies there is
    enough. Or the answer came before the request was sent: then that draft has to go first, and it is the user's."""
    parent = whom.parent.message_id if whom.parent else None
    for earlier in reversed(case.letters[:-1]):
        related = earlier.kind is letter.kind or (parent is not None and earlier.parent == parent)
        if not related or earlier.ref is None or isinstance(given.mailbox.draft_now(DraftRef(earlier.ref)), Gone):
            continue
        if earlier.kind is not letter.kind:
            return Hindered(at=given.now, reason=_IN_THE_WAY.format(earlier.kind.value))
        return DraftPlaced(
            at=given.now,
            ref=earlier.ref,
            to=earlier.to,
            found_by=earlier.found_by,
            parent=earlier.parent,
            subject=earlier.subject,
            asks=earlier.asks,
        )
    return _lies_elsewhere(given, case, parent)


def _lies_elsewhere(given: Given, case: Case, parent: str | None) -> Event | None:
    """The message to answer was moved here by the user, from a case whose draft answers it and still lies there."""
    if parent is None:
        return None
    with given.journal.reading() as reader:
        letters = [each for other in reader.cases() if other.id != case.id for each in other.letters]
    for each in letters:
        if each.parent != parent or each.ref is None or each.account != given.account.name:
            continue
        if not isinstance(given.mailbox.draft_now(DraftRef(each.ref)), Gone):
            return Hindered(at=given.now, reason=_IN_THE_WAY.format(each.kind.value))
    return None


def _place(given: Given, case: Case, letter: Letter, whom: Correspondent, *, next_interview: bool) -> Event:
    composed = compose(
        case,
        letter,
        correspondent=whom,
        settings=given.settings,
        account=given.account,
        book=given.books.letters,
        next_interview=next_interview,
    )
    if blocked := [breach.rule for breach in composed.breaches if breach.severity == "block"]:
        return Hindered(at=given.now, reason=f"the letter breaks a tone rule ({', '.join(blocked)}); see letters check")
    try:
        ref = given.mailbox.place_draft(composed.draft)
    except Refused as failure:
        return Hindered(at=given.now, reason=str(failure))
    log.info("draft placed", extra=_of(given, case))
    return DraftPlaced(
        at=given.now,
        ref=ref,
        to=whom.person,
        found_by=whom.found_by,
        parent=composed.draft.parent.message_id if composed.draft.parent else None,
        subject=composed.draft.subject,
        asks=composed.asks,
    )


def _of(given: Given, case: Case) -> dict[str, str]:
    return {"action": "write", "account": given.account.name, "case": case.id}


def _tell(given: Given, case: Case, event: Hindered) -> None:
    log.warning("a draft cannot be placed: %s", event.reason, extra=_of(given, case))
    title = f"No draft yet for {case.employer or 'an employer'}"
    given.tell(Alert(kind=AlertKind.HINDERED, case=case.id, title=title, sentence=event.reason))
